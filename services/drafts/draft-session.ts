import type { Language } from '../language.ts'
import type { Transaction } from '../storage/database.ts'
import type { Channel, Draft } from './draft.ts'
import type { DraftStore } from './draft-store.ts'

/**
 * The member's draft during one turn: changed in memory as often as the turn needs, written once with its commit.
 * The version rises by one in a turn that changes anything, and cards sent in that turn carry it.
 */
export interface DraftSession {
  readonly current: Draft | undefined
  start(begun: { language: Language; channel: Channel }): Draft
  change(next: Draft): void
  abandon(): void
  /** The draft becomes a dossier in this turn's transaction. */
  submitted(): void
  persist(tx: Transaction): Promise<void>
}

type Ending = 'abandon' | 'close' | undefined

export function openDraftSession(deps: {
  drafts: DraftStore
  memberId: string
  loaded: Draft | undefined
  now: () => Date
  newId: () => string
}): DraftSession {
  const { drafts, loaded, now } = deps
  let current = loaded
  let ending: Ending

  async function endLoaded(tx: Transaction): Promise<void> {
    if (!loaded || current?.id === loaded.id) return
    if (ending === 'close') await drafts.close(tx, loaded, loaded.version)
    else await drafts.abandon(tx, loaded, loaded.version)
  }

  async function store(tx: Transaction): Promise<void> {
    if (!current || current === loaded) return
    if (current.id !== loaded?.id) return drafts.insert(tx, current)
    const document = current.document?.id !== loaded.document?.id
    await drafts.update(tx, current, { read: loaded.version, document })
  }

  return {
    get current() {
      return current
    },
    start({ language, channel }) {
      const at = now()
      const base = { memberId: deps.memberId, version: 1, startedAt: at, updatedAt: at }
      current = { id: deps.newId(), ...base, language, channel }
      return current
    },
    change(next) {
      const version = next.id === loaded?.id ? loaded.version + 1 : next.version
      current = { ...next, version, updatedAt: now() }
    },
    abandon() {
      current = undefined
      ending = 'abandon'
    },
    submitted() {
      current = undefined
      ending = 'close'
    },
    async persist(tx) {
      await endLoaded(tx)
      await store(tx)
    },
  }
}
