import { z } from 'zod'
import { foreignId } from '../foreign-id.ts'

/** Somebody of the foundation's directory, also when they may do nothing here: whoever asks decides on that. */
export const person = z.object({
  found: z.literal(true),
  /** Of the directory, not of ours. */
  id: foreignId,
  employeeId: z.string().exactOptional(),
  displayName: z.string(),
  /** BCP 47. */
  preferredLanguage: z.string().exactOptional(),
  enabled: z.boolean(),
  /** Invited from elsewhere. */
  guest: z.boolean(),
  mail: z.string().exactOptional(),
})
export type Person = z.infer<typeof person>

export const nobody = z.object({ found: z.literal(false), reason: z.literal('unknown') })

/** `unknown`: the directory has no such person. `unavailable`: it cannot say now. */
export type PersonResult = Person | { readonly found: false; readonly reason: 'unknown' | 'unavailable' }

/** Graph gives none of these but the id unless each is asked for. */
export const personFields = 'id,employeeId,displayName,preferredLanguage,accountEnabled,userType,mail'

const optional = z
  .string()
  .nullish()
  .transform(text => text?.trim() || undefined)

/** A user as Graph gives one; what is absent is null or left out. */
export const graphUser = z
  .object({
    id: foreignId,
    employeeId: optional,
    displayName: optional,
    preferredLanguage: optional,
    accountEnabled: z.boolean().nullish(),
    userType: optional,
    mail: optional,
  })
  .transform(({ id, employeeId, displayName, preferredLanguage, mail, ...state }): Person => {
    const known = {
      ...(employeeId !== undefined && { employeeId }),
      ...(preferredLanguage !== undefined && { preferredLanguage }),
      ...(mail !== undefined && { mail }),
    }
    const enabled = state.accountEnabled === true
    return { found: true, id, displayName: displayName ?? '', enabled, guest: state.userType === 'Guest', ...known }
  })
