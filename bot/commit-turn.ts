import { remember } from '../dialogs/conversation-memory.ts'
import type { TurnScope } from '../dialogs/turn-scope.ts'
import type { ConversationStore } from '../services/conversations/conversation-store.ts'
import type { DueTurn } from '../services/conversations/due-turn.ts'
import type { EndedTurn } from '../services/conversations/end-turn.ts'
import type { TranscriptTail } from '../services/conversations/transcript-tail.ts'
import type { DocumentStore } from '../services/documents/document-store.ts'
import { AppError } from '../services/errors.ts'
import type { Submissions } from '../services/requests/submission.ts'
import type { Database, Queryable, Transaction } from '../services/storage/database.ts'
import type { StatementPart } from '../services/storage/statement-part.ts'
import { documentIn } from './read-message.ts'
import type { Outbox } from './turn-adapter.ts'

export interface CommitDeps {
  readonly database: Database
  readonly conversations: ConversationStore
  readonly documents: DocumentStore
  readonly submissions: Submissions
}

/** What the dialogs have made of a turn. */
export interface Finished {
  readonly scope: TurnScope
  readonly outbox: Outbox
}

/** Keeps the file that the draft now refers to, drops any other that came with the activity. */
async function settleDocument(
  tx: Transaction,
  deps: CommitDeps,
  { activity, scope }: Pick<DueTurn, 'activity'> & Pick<Finished, 'scope'>,
): Promise<void> {
  const id = documentIn(activity.body)
  if (!id) return
  const kept = scope.draft.current?.document
  if (kept?.id === id) await deps.documents.accept(tx, id, { pages: kept.pages })
  else await deps.documents.discard(tx, id)
}

interface Ending {
  readonly turn: DueTurn
  readonly finished: Finished
  readonly draft?: StatementPart | undefined
}

/** Ends the turn. @throws {AppError} `draft.changed` when the turn ran on what is no more */
async function end(deps: CommitDeps, queryable: Queryable, { turn, finished, draft }: Ending): Promise<EndedTurn> {
  const { scope, outbox } = finished
  const ended = await deps.conversations.endTurn(queryable, turn.conversation.id, {
    activity: turn.activity,
    isArriving: turn.isArriving,
    said: outbox.said,
    edits: outbox.edits,
    language: scope.language,
    draft,
    ...remember(scope.memory),
  })
  if (!ended) throw new AppError('draft.changed', 'another turn has changed the draft, or ended this activity')
  return ended
}

/**
 * All of the turn becomes true at once, or none; mostly one statement can say all of it.
 * @returns what is new in the transcript; undefined when something changed it once more
 */
export async function commitTurn(
  deps: CommitDeps,
  turn: DueTurn,
  finished: Finished,
): Promise<TranscriptTail | undefined> {
  const { draft, submission } = finished.scope
  const change = draft.oneChange()
  const isOne = !submission && !documentIn(turn.activity.body) && (change !== undefined || !draft.isChanged)
  if (isOne) return (await end(deps, deps.database, { turn, finished, draft: change })).tail
  return deps.database.transaction(tx => commitAll(tx, deps, { turn, finished }))
}

async function commitAll(tx: Transaction, deps: CommitDeps, { turn, finished }: Ending) {
  const { scope, outbox } = finished
  // Not awaited yet: it travels with the draft, and saves a round trip.
  const ended = end(deps, tx, { turn, finished })
  ended.catch(() => undefined)
  await settleDocument(tx, deps, { activity: turn.activity, scope })
  await scope.draft.persist(tx)
  const { positions, tail } = await ended
  if (!scope.submission) return tail
  const edited = outbox.edits.map(({ position }) => position)
  const reply = { conversationId: turn.conversation.id, positions: [...positions, ...edited] }
  await deps.submissions.store(tx, scope.submission, reply)
  return undefined
}
