import { z } from 'zod'
import type { Principal } from '../../../services/accounts/principal.ts'

/** What tokens, tickets and links carry of whom they are for: the session's id, or when the portal must be asked again. */
export const principalClaims = { sid: z.uuid().optional(), until: z.number().optional() }

type Claims = z.infer<z.ZodObject<typeof principalClaims>>

export const claimsOfPrincipal = ({ sessionId, until }: Principal): Claims => ({
  ...(sessionId !== undefined && { sid: sessionId }),
  ...(until !== undefined && { until }),
})

/** @returns undefined for claims with neither, which nothing would end */
export function principalOf(memberId: string, { sid, until }: Claims): Principal | undefined {
  if (sid !== undefined) return { memberId, sessionId: sid }
  return until === undefined ? undefined : { memberId, until }
}
