import { randomInt } from 'node:crypto'
import { errorMessages } from '../dialogs/error-messages.ts'
import type { Translators } from '../locales/translator.ts'
import { isUnasked } from '../services/conversations/channel-events.ts'
import type { ConversationStore } from '../services/conversations/conversation-store.ts'
import type { DueTurn } from '../services/conversations/due-turn.ts'
import type { TranscriptTail } from '../services/conversations/transcript-tail.ts'
import { causesOf, codeOf, placeOf } from '../services/failure.ts'
import type { Log } from '../services/log.ts'
import type { Database } from '../services/storage/database.ts'
import type { Tracing } from '../services/tracing/tracing.ts'
import { canWait } from './can-wait.ts'

/** Runs a turn and commits it. @returns what is new in the transcript, as far as that is known */
export type Take = (turn: DueTurn) => Promise<TranscriptTail | undefined>

export interface TakeDeps {
  readonly take: Take
  readonly database: Database
  readonly conversations: ConversationStore
  readonly translators: Translators
  readonly log: Log
  readonly tracing: Tracing
  readonly now: () => Date
}

/** A short reference that a person can read out, and that the log line carries. */
const newReference = () => String(randomInt(100_000, 1_000_000))

/** Tells the member that nothing is lost; one who has not said anything has nothing to lose. */
async function apologise(deps: TakeDeps, { conversation, activity }: DueTurn, error: unknown) {
  const code = codeOf(error)
  const reference = newReference()
  const why = { causes: causesOf(error), cause: placeOf(error) }
  deps.log.error('turn.failed', { code, reference, conversation: conversation.id, ...why })
  const voice = deps.translators[conversation.language]
  const text = voice.t(errorMessages[code], { code: reference })
  const ended = await deps.conversations.endTurn(deps.database, conversation.id, {
    activity,
    said: isUnasked(activity.body) ? [] : [{ type: 'message', text, textFormat: 'plain', locale: voice.locale }],
    edits: [],
    state: conversation.state,
    askedPosition: conversation.askedPosition,
    language: conversation.language,
  })
  return ended?.tail
}

/** Takes a turn and writes down how long it took. */
export async function takeLogged({ take, log }: Pick<TakeDeps, 'take' | 'log'>, turn: DueTurn) {
  const begun = performance.now()
  const tail = await take(turn)
  const { conversation, activity } = turn
  const milliseconds = Math.round(performance.now() - begun)
  log.info('turn.done', { conversation: conversation.id, position: activity.position, milliseconds })
  return tail
}

interface Taken {
  readonly tail: TranscriptTail | undefined
  readonly failed: boolean
}

async function takeOrApologise(deps: TakeDeps, turn: DueTurn): Promise<Taken> {
  try {
    return { tail: await takeLogged(deps, turn), failed: false }
  } catch (error) {
    if (canWait(error, turn.activity, deps.now())) throw error
    return { tail: await apologise(deps, turn, error), failed: true }
  }
}

/**
 * Takes what waits in a conversation, in the trace of the request that brought it, whichever one wakes its turn.
 * @returns what is new in the transcript, as far as that is known
 */
export async function takeDueTurn(deps: TakeDeps, turn: DueTurn): Promise<TranscriptTail | undefined> {
  const span = deps.tracing.start({ kind: 'consumer', parent: turn.trace })
  let failed = true
  try {
    const taken = await span.run(() => takeOrApologise(deps, turn))
    failed = taken.failed
    return taken.tail
  } finally {
    span.end({ name: 'turn', failed, attributes: { channel: turn.conversation.channel } })
  }
}
