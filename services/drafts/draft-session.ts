import type { Language } from '../language.ts'
import type { Transaction } from '../storage/database.ts'
import type { Channel, Draft } from './draft.ts'
import type { DraftStore } from './draft-store.ts'

/**
 * The member's draft during one turn: changed in memory as often as the turn needs, written once with its commit.
 * The version rises by one in a turn that changes anything, and cards sent in that turn carry it.
 */
export interface DraftSession {
  /** As the turn found it. */
  readonly loaded: Draft | undefined
  readonly current: Draft | undefined
  /** There is something to persist. */
  readonly isChanged: boolean
  start(begun: { language: Language; channel: Channel }): Draft
  change(next: Draft): void
  abandon(): void
  /** The draft becomes a dossier in this turn's transaction, which closes it. */
  submitted(): void
  persist(tx: Transaction): Promise<void>
}

export function openDraftSession(deps: {
  drafts: DraftStore
  memberId: string
  loaded: Draft | undefined
  now: () => Date
  newId: () => string
}): DraftSession {
  const { drafts, loaded, now } = deps
  let current = loaded
  let isSubmitted = false

  async function endLoaded(tx: Transaction): Promise<void> {
    if (!loaded || isSubmitted || current?.id === loaded.id) return
    await drafts.abandon(tx, loaded, loaded.version)
  }

  async function store(tx: Transaction): Promise<void> {
    if (!current || current === loaded) return
    if (current.id !== loaded?.id) return drafts.insert(tx, current)
    const document = current.document?.id !== loaded.document?.id
    await drafts.update(tx, current, { read: loaded.version, document })
  }

  return {
    loaded,
    get current() {
      return current
    },
    get isChanged() {
      return current !== loaded
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
    },
    submitted() {
      current = undefined
      isSubmitted = true
    },
    async persist(tx) {
      await endLoaded(tx)
      await store(tx)
    },
  }
}
