import { TurnContext } from 'botbuilder-core'
import { recall, remember, type ConversationMemory } from '../dialogs/conversation-memory.ts'
import { enterScope, type TurnScope, type Wording } from '../dialogs/turn-scope.ts'
import type { Translators } from '../locales/translator.ts'
import type { StoredActivity } from '../services/conversations/activity.ts'
import type { Conversation } from '../services/conversations/conversation.ts'
import type { ConversationStore } from '../services/conversations/conversation-store.ts'
import type { DocumentStore } from '../services/documents/document-store.ts'
import type { PdfCheck } from '../services/documents/pdf-check/pdf-check.ts'
import { openDraftSession } from '../services/drafts/draft-session.ts'
import type { DraftStore } from '../services/drafts/draft-store.ts'
import { AppError } from '../services/errors.ts'
import type { MemberStore } from '../services/members/member-store.ts'
import type { History } from '../services/requests/history.ts'
import type { Submissions } from '../services/requests/submission.ts'
import type { Database, Transaction } from '../services/storage/database.ts'
import type { createAssistant } from './assistant.ts'
import { documentIn, readMessage } from './read-message.ts'
import { TurnAdapter, type Outbox } from './turn-adapter.ts'

export interface TurnDeps {
  readonly database: Database
  readonly conversations: ConversationStore
  readonly members: MemberStore
  readonly drafts: DraftStore
  readonly documents: DocumentStore
  readonly pdfCheck: PdfCheck
  readonly history: History
  readonly submissions: Submissions
  readonly translators: Translators
  readonly wording: Wording
  readonly respond: ReturnType<typeof createAssistant>
  readonly now: () => Date
  readonly newId: () => string
}

/** One incoming activity in its conversation. */
export interface Turn {
  readonly conversation: Conversation
  readonly activity: StoredActivity
}

interface Finished {
  readonly scope: TurnScope
  readonly outbox: Outbox
}

/** Another turn has ended this activity: there is nothing left to do. */
class AlreadyDone extends Error {}

async function enter(deps: TurnDeps, { conversation, activity }: Turn): Promise<TurnScope> {
  const member = conversation.memberId && (await deps.members.find(conversation.memberId))
  if (!member) throw new AppError('invariant', 'a turn needs a member')
  const loaded = await deps.drafts.openOf(member.id)
  const { drafts, now, newId } = deps
  return {
    channel: conversation.channel,
    member,
    draft: openDraftSession({ drafts, memberId: member.id, loaded, now, newId }),
    memory: recall(conversation.state),
    message: await readMessage(deps, activity.body, loaded),
    wording: deps.wording,
    history: deps.history,
    submissions: deps.submissions,
    translators: deps.translators,
    now,
    language: conversation.language,
  }
}

/** Runs the dialogs on what came in. Nothing is written yet. */
async function run(deps: TurnDeps, adapter: TurnAdapter, turn: Turn): Promise<Finished> {
  const scope = await enter(deps, turn)
  const { conversation, activity } = turn
  const { type, name, text } = activity.body
  const context = new TurnContext(adapter, {
    type,
    ...(name !== undefined && { name }),
    ...(text !== undefined && { text }),
    channelId: conversation.channel,
    conversation: { id: conversation.id, isGroup: false, conversationType: 'personal', name: '' },
    from: { id: scope.member.id, name: '' },
    recipient: { id: 'moussaada', name: '' },
    locale: scope.translators[scope.language].locale,
  })
  enterScope(context, scope)
  return { scope, outbox: await deps.respond(context) }
}

/** Keeps the file that the draft now refers to, drops any other that came with the activity. */
async function settleDocument(
  tx: Transaction,
  deps: TurnDeps,
  { activity, scope }: Pick<Turn, 'activity'> & Pick<Finished, 'scope'>,
): Promise<void> {
  const id = documentIn(activity.body)
  if (!id) return
  const kept = scope.draft.current?.document
  if (kept?.id === id) await deps.documents.accept(tx, id, { pages: kept.pages })
  else await deps.documents.discard(tx, id)
}

function place(memory: ConversationMemory, positions: readonly number[]): ConversationMemory {
  const { asked } = memory
  if (!asked || asked.position > 0) return memory
  return { ...memory, asked: { ...asked, position: positions[-asked.position - 1] ?? 0 } }
}

/** The turn's one transaction: all of it becomes true at once, or none. */
async function commit(deps: TurnDeps, turn: Turn, { scope, outbox }: Finished): Promise<void> {
  const { conversations } = deps
  const { id } = turn.conversation
  await deps.database.transaction(async tx => {
    if (!(await conversations.finish(tx, id, turn.activity.position))) throw new AlreadyDone()
    await settleDocument(tx, deps, { activity: turn.activity, scope })
    await scope.draft.persist(tx)
    // What was used goes inert before the next question shows.
    for (const edit of outbox.edits) await conversations.edit(tx, id, edit)
    const positions = await conversations.append(tx, id, outbox.said)
    const state = remember(place(scope.memory, positions))
    await conversations.save(tx, id, { state, language: scope.language })
    if (!scope.submission) return
    const edited = outbox.edits.map(({ position }) => position)
    await deps.submissions.store(tx, scope.submission, { conversationId: id, positions: [...positions, ...edited] })
  })
}

const MAX_RUNS = 3

function isLostRace(error: unknown): boolean {
  return error instanceof AppError && error.code === 'draft.changed'
}

/** Runs one turn and commits it. A turn that lost a race for the draft runs again on what is there now. */
export function createTurn(deps: TurnDeps) {
  const adapter = new TurnAdapter()
  return async function take(turn: Turn): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await commit(deps, turn, await run(deps, adapter, turn))
        return
      } catch (error) {
        if (error instanceof AlreadyDone) return
        if (!isLostRace(error) || attempt === MAX_RUNS) throw error
      }
    }
  }
}
