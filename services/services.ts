import { createConversationStore } from './conversations/conversation-store.ts'
import { createDueTurns } from './conversations/due-turn.ts'
import { createSplitRibs } from './conversations/split-ribs.ts'
import { createDocumentStore } from './documents/document-store.ts'
import { createQuota, type QuotaLimits } from './documents/quota.ts'
import { createUploadStore } from './documents/upload-store.ts'
import { createDraftStore } from './drafts/draft-store.ts'
import { nextStep } from './drafts/draft.ts'
import type { Keyring } from './keys/keyring.ts'
import { createMemberStore } from './members/member-store.ts'
import { createHistory } from './requests/history.ts'
import { createSubmissions } from './requests/submission.ts'
import type { Database } from './storage/database.ts'
import type { Space } from './storage/space.ts'

export interface ServicesDeps {
  readonly database: Database
  readonly keyring: Keyring
  readonly now: () => Date
  readonly newId: () => string
  /** W3C `traceparent` of the request in hand. */
  readonly currentTrace?: () => string | undefined
  /** What one member may have and send; the usual limits unless given. */
  readonly limits?: QuotaLimits
  readonly space?: Space
}

/** What is true, over one database. */
export function createServices({ database, keyring, now, newId, currentTrace, limits, space }: ServicesDeps) {
  const drafts = createDraftStore(database)
  const members = createMemberStore({ database, keyring })
  const quota = createQuota({ database, limits, space, now })
  return {
    drafts,
    members,
    conversations: createConversationStore({ database, now, currentTrace }),
    splitRibs: createSplitRibs({ database }),
    dueTurns: createDueTurns({ database, keyring, now }),
    quota,
    documents: createDocumentStore({ database, keyring, now, newId, quota }),
    uploads: createUploadStore({ database, keyring, now, newId, quota }),
    history: createHistory(database),
    submissions: createSubmissions({ keyring, drafts }),

    /** The RIB, for its owner's eyes, and only while they are asked to confirm it. */
    async revealRib(memberId: string): Promise<string | undefined> {
      const draft = await drafts.openOf(memberId)
      if (!draft || nextStep(draft) !== 'rib') return undefined
      return (await members.find(memberId))?.rib
    },
  }
}

export type Services = ReturnType<typeof createServices>
