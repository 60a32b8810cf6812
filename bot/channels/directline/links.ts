import { z } from 'zod'
import type { Principal } from '../../../services/accounts/principal.ts'
import { FILE_LINK_LIFETIME, TICKET_LIFETIME } from './limits.ts'
import { claimsOfPrincipal, principalClaims, principalOf } from './principal-claims.ts'
import { createSignedClaims } from './signed-claims.ts'
import type { Signing } from './signed-claims.ts'

export interface StreamTicket {
  readonly principal: Principal
  readonly conversationId: string
  /** Names the ticket, which opens one stream. */
  readonly id: string
  readonly expires: Date
}

export interface StreamAddress {
  /** The origin that the client reached us at. */
  readonly origin: string
  /** Where the stream begins; empty: with the last activities. */
  readonly watermark: string
}

export interface FileLink {
  readonly principal: Principal
  readonly documentId: string
}

export type Links = ReturnType<typeof createLinks>

const base = '/v3/directline'

const ticketSchema = z.object({
  member: z.uuid(),
  conv: z.string(),
  jti: z.uuid(),
  exp: z.number(),
  ...principalClaims,
})
const fileSchema = z.object({ member: z.uuid(), document: z.uuid(), ...principalClaims })

/**
 * Addresses that carry their own right, since neither a WebSocket nor a plain link sends a header. They live for
 * minutes at most, end with the session that they were made for, open one thing each and are never logged.
 */
export function createLinks(signing: Signing & { readonly newId: () => string }, publicOrigin: string) {
  const tickets = createSignedClaims(signing, { purpose: 'link', audience: 'stream', lifetime: TICKET_LIFETIME })
  const files = createSignedClaims(signing, { purpose: 'link', audience: 'file', lifetime: FILE_LINK_LIFETIME })
  const claimsOf = (principal: Principal) => ({ member: principal.memberId, ...claimsOfPrincipal(principal) })

  return {
    async streamUrl(
      principal: Principal,
      conversationId: string,
      { origin, watermark }: StreamAddress,
    ): Promise<string> {
      const ticket = await tickets.sign({ ...claimsOf(principal), conv: conversationId, jti: signing.newId() })
      const query = new URLSearchParams({ watermark, t: ticket }).toString()
      return `${origin.replace(/^http/, 'ws')}${base}/conversations/${encodeURIComponent(conversationId)}/stream?${query}`
    },

    /** Checks what the ticket itself says, not whether it was used. */
    async readTicket(ticket: string): Promise<StreamTicket | undefined> {
      const claims = ticketSchema.safeParse(await tickets.read(ticket))
      const principal = claims.success && principalOf(claims.data.member, claims.data)
      if (!principal) return undefined
      const { conv: conversationId, jti: id, exp } = claims.data
      return { principal, conversationId, id, expires: new Date(exp * 1000) }
    },

    async fileUrl(principal: Principal, documentId: string): Promise<string> {
      const link = await files.sign({ ...claimsOf(principal), document: documentId })
      return `${publicOrigin}${base}/files?t=${link}`
    },

    async readFileLink(link: string): Promise<FileLink | undefined> {
      const claims = fileSchema.safeParse(await files.read(link))
      const principal = claims.success && principalOf(claims.data.member, claims.data)
      return principal ? { principal, documentId: claims.data.document } : undefined
    },
  }
}
