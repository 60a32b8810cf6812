import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { Keyring } from '../keys/keyring.ts'
import { open, seal } from '../keys/seal.ts'

/** Milliseconds for which a link leads on. */
const LINK_MS = 15 * 60 * 1000

export type PageLinkRead = { readonly ok: true } | { readonly ok: false; readonly reason: 'expired' | 'otherMember' }

/**
 * Links from a chat to a page of ours, where somebody goes on with their request. They open nothing: whoever follows one
 * signs in, and must be the member whom it was sent to. Nothing is kept of them, and nothing can be read from them.
 */
export interface PageLinks {
  issue(memberId: string): string
  /** @param memberId who has signed in */
  read(link: string, memberId: string): PageLinkRead
}

const claims = z.object({ memberId: z.string(), until: z.number() })
const PURPOSE = 'page'

export function createPageLinks({ keyring, now }: { keyring: Keyring; now: () => Date }): PageLinks {
  const sealing = { keyring, purpose: 'page-link' } as const

  function claimsOf(link: string): z.infer<typeof claims> | undefined {
    try {
      return claims.parse(JSON.parse(open(sealing, Buffer.from(link, 'base64url'), PURPOSE).toString('utf8')))
    } catch (error) {
      if (error instanceof AppError) return undefined
      throw error
    }
  }

  return {
    issue(memberId) {
      const text = JSON.stringify({ memberId, until: now().getTime() + LINK_MS })
      return seal(sealing, Buffer.from(text, 'utf8'), PURPOSE).toString('base64url')
    },
    read(link, memberId) {
      const found = claimsOf(link)
      // One that we did not issue is one that no longer leads anywhere, whoever asks.
      if (!found || found.until <= now().getTime()) return { ok: false, reason: 'expired' }
      return found.memberId === memberId ? { ok: true } : { ok: false, reason: 'otherMember' }
    },
  }
}
