import { TurnContext } from 'botbuilder-core'
import type { ChannelPolicies } from '../dialogs/channel-policy.ts'
import { recall } from '../dialogs/conversation-memory.ts'
import { enterScope, type TurnScope, type Wording } from '../dialogs/turn-scope.ts'
import type { Translators } from '../locales/translator.ts'
import { isUnasked } from '../services/conversations/channel-events.ts'
import type { DueTurn, DueTurns } from '../services/conversations/due-turn.ts'
import type { SplitRibs } from '../services/conversations/split-ribs.ts'
import type { TranscriptTail } from '../services/conversations/transcript-tail.ts'
import { openDraftSession } from '../services/drafts/draft-session.ts'
import type { DraftStore } from '../services/drafts/draft-store.ts'
import { AppError } from '../services/errors.ts'
import type { History } from '../services/requests/history.ts'
import type { createAssistant } from './assistant.ts'
import type { SharedFiles } from './channels/teams/files/shared-files.ts'
import type { Identify } from './channels/teams/identify.ts'
import { commitTurn, type CommitDeps, type Finished } from './commit-turn.ts'
import { readMessage } from './read-message.ts'
import type { StoredFiles } from './stored-files.ts'
import { TurnAdapter } from './turn-adapter.ts'

export interface TurnDeps extends CommitDeps {
  readonly dueTurns: DueTurns
  readonly splitRibs: SplitRibs
  readonly drafts: DraftStore
  readonly storedFiles: StoredFiles
  readonly history: History
  readonly quota: TurnScope['quota']
  readonly translators: Translators
  readonly wording: Wording
  readonly respond: ReturnType<typeof createAssistant>
  /** Where a channel does not know whose turn it is. */
  readonly identify?: Identify | undefined
  /** Where a channel says only where a file lies. */
  readonly sharedFiles?: Pick<SharedFiles, 'fetch' | 'forget'> | undefined
  readonly policyOf: ChannelPolicies
  readonly securePage: TurnScope['securePage']
  /** What follows from a turn that has ended. */
  readonly onEnded: (scope: TurnScope) => Promise<void>
  readonly now: () => Date
  readonly newId: () => string
}

async function enter(deps: TurnDeps, turn: DueTurn): Promise<TurnScope> {
  const { conversation, activity, member, draft: loaded } = turn
  if (!member) throw new AppError('invariant', 'a turn needs a member')
  const { drafts, now, newId, policyOf, securePage } = deps
  return {
    channel: conversation.channel,
    policy: policyOf(conversation.channel),
    securePage,
    member,
    draft: openDraftSession({ drafts, memberId: member.id, loaded, now, newId }),
    memory: recall(conversation),
    message: await readMessage(deps, activity.body, loaded),
    wording: deps.wording,
    history: deps.history,
    submissions: deps.submissions,
    quota: deps.quota,
    translators: deps.translators,
    now,
    language: conversation.language,
  }
}

/** Runs the dialogs on what came in. Nothing is written yet. */
async function run(deps: TurnDeps, adapter: TurnAdapter, turn: DueTurn): Promise<Finished> {
  const scope = await enter(deps, turn)
  const { conversation, activity } = turn
  const { type, name, text, locale = scope.translators[scope.language].locale } = activity.body
  const context = new TurnContext(adapter, {
    type,
    ...(name !== undefined && { name }),
    ...(text !== undefined && { text }),
    channelId: conversation.channel,
    conversation: { id: conversation.id, isGroup: false, conversationType: 'personal', name: '' },
    from: { id: scope.member.id, name: '' },
    recipient: { id: 'moussaada', name: '' },
    locale,
  })
  enterScope(context, scope)
  return { scope, outbox: await deps.respond(context) }
}

const MAX_RUNS = 3

function isLostRace(error: unknown): boolean {
  return error instanceof AppError && error.code === 'draft.changed'
}

/** As it is now, unless another turn has ended it meanwhile. */
async function readAgain({ dueTurns }: TurnDeps, { conversation, activity }: DueTurn): Promise<DueTurn | undefined> {
  const next = await dueTurns.next(conversation.id)
  return next?.activity.position === activity.position ? next : undefined
}

/**
 * Whose turn it is, as far as the channel cannot say it from the start; whoever is not known is told what to do.
 * @returns undefined when the turn has ended with that
 */
async function identified(deps: TurnDeps, turn: DueTurn): Promise<DueTurn | undefined> {
  const { conversation, activity } = turn
  // What is arriving was begun because that is known.
  if (!deps.identify || conversation.channel === 'webchat' || turn.isArriving) return turn
  const found = await deps.identify(turn)
  if ('memberId' in found) return found.memberId === conversation.memberId ? turn : await readAgain(deps, turn)
  await deps.sharedFiles?.forget(turn)
  const { state, askedPosition, language } = conversation
  // Whoever has not asked is not asked who they are.
  const said = isUnasked(activity.body) ? [] : found.said
  const end = { activity, said, edits: [], state, askedPosition, language }
  await deps.conversations.endTurn(deps.database, conversation.id, end)
  return undefined
}

/**
 * Runs one turn and commits it. A turn that lost a race for the draft runs again on what is there now; one whose activity
 * is not stored yet does not, since another may have its place by then.
 * @returns what is new in the transcript, as far as that is known
 */
export function createTurn(deps: TurnDeps) {
  const adapter = new TurnAdapter()
  return async function take(turn: DueTurn): Promise<TranscriptTail | undefined> {
    const known = await identified(deps, turn)
    const begun = known && { ...known, activity: await deps.splitRibs.hide(known) }
    let current = begun && deps.sharedFiles ? await deps.sharedFiles.fetch(begun) : begun
    for (let attempt = 1; current; attempt++) {
      try {
        const finished = await run(deps, adapter, current)
        const tail = await commitTurn(deps, current, finished)
        // The file comes next: what checks it takes a second to start.
        if (finished.scope.memory.asked?.step === 'document') deps.storedFiles.prepare()
        await deps.onEnded(finished.scope)
        return tail
      } catch (error) {
        if (!isLostRace(error) || turn.isArriving || attempt === MAX_RUNS) throw error
        current = await readAgain(deps, current)
      }
    }
    return undefined
  }
}
