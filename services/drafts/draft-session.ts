import type { Language } from '../language.ts'
import type { Transaction } from '../storage/database.ts'
import type { StatementPart } from '../storage/statement-part.ts'
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
  /** All that is to persist, when one statement can carry it along. */
  oneChange(): StatementPart | undefined
  /** @throws {AppError} `draft.changed` when the draft is no longer as the turn found it */
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

  const isReplaced = (): boolean => loaded !== undefined && !isSubmitted && current?.id !== loaded.id

  const hasOtherDocument = (): boolean => loaded !== undefined && current?.document?.id !== loaded.document?.id

  function change(): StatementPart | undefined {
    if (!current || current === loaded) return undefined
    return current.id === loaded?.id ? drafts.updating(current, loaded.version) : drafts.inserting(current)
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
    oneChange: () => (isSubmitted || isReplaced() || hasOtherDocument() ? undefined : change()),
    async persist(tx) {
      if (loaded && isReplaced()) await drafts.abandon(tx, loaded, loaded.version)
      const part = change()
      if (!part) return
      await drafts.make(tx, part)
      if (current && hasOtherDocument()) await drafts.dropReplacedDocuments(tx, current)
    },
  }
}
