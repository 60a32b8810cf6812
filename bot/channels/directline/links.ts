import { z } from 'zod'
import { FILE_LINK_LIFETIME, TICKET_LIFETIME } from './limits.ts'
import { createSignedClaims } from './signed-claims.ts'
import type { Signing } from './signed-claims.ts'

export interface StreamTicket {
  readonly memberId: string
  readonly conversationId: string
}

export interface StreamAddress {
  /** The origin that the client reached us at. */
  readonly origin: string
  /** Where the stream begins; empty: with the last activities. */
  readonly watermark: string
}

export interface FileLink {
  readonly memberId: string
  readonly documentId: string
}

export type Links = ReturnType<typeof createLinks>

const base = '/v3/directline'

const ticketSchema = z.object({ member: z.uuid(), conv: z.string() })
const fileSchema = z.object({ member: z.uuid(), document: z.uuid() })

/**
 * Addresses that carry their own right, since neither a WebSocket nor a plain link sends a header. They live for
 * minutes, open one thing each and are never logged.
 */
export function createLinks(signing: Signing, publicOrigin: string) {
  const tickets = createSignedClaims(signing, { purpose: 'link', audience: 'stream', lifetime: TICKET_LIFETIME })
  const files = createSignedClaims(signing, { purpose: 'link', audience: 'file', lifetime: FILE_LINK_LIFETIME })

  return {
    async streamUrl({ memberId, conversationId }: StreamTicket, { origin, watermark }: StreamAddress): Promise<string> {
      const ticket = await tickets.sign({ member: memberId, conv: conversationId })
      const query = new URLSearchParams({ watermark, t: ticket }).toString()
      return `${origin.replace(/^http/, 'ws')}${base}/conversations/${encodeURIComponent(conversationId)}/stream?${query}`
    },

    async readTicket(ticket: string): Promise<StreamTicket | undefined> {
      const claims = ticketSchema.safeParse(await tickets.read(ticket))
      return claims.success ? { memberId: claims.data.member, conversationId: claims.data.conv } : undefined
    },

    async fileUrl({ memberId, documentId }: FileLink): Promise<string> {
      return `${publicOrigin}${base}/files?t=${await files.sign({ member: memberId, document: documentId })}`
    },

    async readFileLink(link: string): Promise<FileLink | undefined> {
      const claims = fileSchema.safeParse(await files.read(link))
      return claims.success ? { memberId: claims.data.member, documentId: claims.data.document } : undefined
    },
  }
}
