import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { errorMessages } from '../dialogs/error-messages.ts'
import type { Translators } from '../locales/translator.ts'
import { isUnasked } from '../services/conversations/channel-events.ts'
import type { ConversationOf } from '../services/conversations/conversation.ts'
import type { ConversationStore } from '../services/conversations/conversation-store.ts'
import type { DueTurn, DueTurns } from '../services/conversations/due-turn.ts'
import { causesOf, codeOf, placeOf } from '../services/failure.ts'
import type { Log } from '../services/log.ts'
import type { Database } from '../services/storage/database.ts'
import type { EventBus } from '../services/storage/event-bus.ts'
import type { Lease } from '../services/storage/lease.ts'
import type { Tracing } from '../services/tracing/tracing.ts'
import { canWait } from './can-wait.ts'
import { createNotices, type Notices } from './notices.ts'
import { createPostponedTurns } from './postponed-turns.ts'

/** A turn that was cut short is taken up again after this long. */
const SWEEP_MS = 5_000
/** Milliseconds that turns in hand get when the process stops, which must be gone within 15 s. */
const STOP_MS = 9_000
/** Milliseconds after which a sweep that failed is tried again. */
const SWEEP_AGAIN_MS = 1_000

export interface TurnsDeps {
  readonly take: (turn: DueTurn) => Promise<void>
  readonly database: Database
  readonly conversations: ConversationStore
  readonly dueTurns: DueTurns
  readonly eventBus: EventBus
  readonly lease: Lease
  readonly translators: Translators
  readonly log: Log
  readonly tracing: Tracing
  readonly now: () => Date
}

export interface Turns {
  /** Something has come into this conversation. @param memberId whose it is, when that is known */
  wake(conversationId: string, memberId?: string): void
  /** Takes up, now and every 5 s, what another process left undone. */
  start(): void
  /** Lets the turns in hand finish, for a while. */
  stop(): Promise<void>
}

/** A short reference that a person can read out, and that the log line carries. */
const newReference = () => String(randomInt(100_000, 1_000_000))

/** Tells the member that nothing is lost; one who has not said anything has nothing to lose. */
async function apologise(deps: TurnsDeps, { conversation, activity }: DueTurn, error: unknown): Promise<void> {
  const code = codeOf(error)
  const reference = newReference()
  const why = { causes: causesOf(error), cause: placeOf(error) }
  deps.log.error('turn.failed', { code, reference, conversation: conversation.id, ...why })
  const voice = deps.translators[conversation.language]
  const text = voice.t(errorMessages[code], { code: reference })
  await deps.conversations.endTurn(deps.database, conversation.id, {
    activity,
    said: isUnasked(activity.body) ? [] : [{ type: 'message', text, textFormat: 'plain', locale: voice.locale }],
    edits: [],
    state: conversation.state,
    askedPosition: conversation.askedPosition,
    language: conversation.language,
  })
}

/** @returns whether it went as it should */
async function takeOne(deps: TurnsDeps, turn: DueTurn): Promise<boolean> {
  const begun = performance.now()
  let isDone = false
  try {
    await deps.take(turn)
    isDone = true
    const { conversation, activity } = turn
    const milliseconds = Math.round(performance.now() - begun)
    deps.log.info('turn.done', { conversation: conversation.id, position: activity.position, milliseconds })
  } catch (error) {
    if (canWait(error, turn.activity, deps.now())) throw error
    await apologise(deps, turn, error)
  }
  return isDone
}

/** In the trace of the request that brought the activity, whichever one wakes its turn. */
async function takeTraced(deps: TurnsDeps, turn: DueTurn): Promise<void> {
  const span = deps.tracing.start({ kind: 'consumer', parent: turn.trace })
  let failed = true
  try {
    failed = !(await span.run(() => takeOne(deps, turn)))
  } finally {
    span.end({ name: 'turn', failed, attributes: { channel: turn.conversation.channel } })
  }
}

/** Takes what is due in a conversation, in order of seq, until nothing is. */
async function takeDue(deps: TurnsDeps, notices: Notices, { id, memberId }: ConversationOf): Promise<void> {
  await deps.lease.hold(`member:${memberId ?? id}`, async () => {
    for (;;) {
      const turn = await deps.dueTurns.next(id)
      if (!turn) return
      await takeTraced(deps, turn)
      notices.now(id)
      if (!turn.hasMore) return
    }
  })
}

/** Runs the turns of every conversation: one at a time for a member, in the inbox's order. */
export function createTurns(deps: TurnsDeps): Turns {
  const notices = createNotices(deps)
  const running = new Map<string, Promise<void>>()
  const wokenAgain = new Set<string>()
  const postponed = createPostponedTurns(Math.random)
  let timer: NodeJS.Timeout | undefined
  let stopping = false

  async function work(conversation: ConversationOf): Promise<void> {
    do {
      wokenAgain.delete(conversation.id)
      await takeDue(deps, notices, conversation)
    } while (wokenAgain.has(conversation.id) && !stopping)
  }

  function begin(conversation: ConversationOf): void {
    const { id } = conversation
    notices.soon(id)
    if (stopping) return
    if (running.has(id)) {
      wokenAgain.add(id)
      return
    }
    const done = work(conversation)
      .finally(() => running.delete(id))
      .then(
        () => postponed.done(id),
        (error: unknown) => postpone(conversation, error),
      )
    running.set(id, done)
  }

  /** What is due stays due. */
  function postpone(conversation: ConversationOf, error: unknown): void {
    const { id } = conversation
    if (stopping) return deps.log.info('turn.left-due', { conversation: id, code: codeOf(error) })
    const isFirst = postponed.postpone(id, () => begin(conversation))
    if (isFirst) deps.log.error('turn.postponed', { conversation: id, code: codeOf(error), causes: causesOf(error) })
  }

  async function sweep(olderThan: Date): Promise<void> {
    for (const conversation of await deps.conversations.conversationsWithDue(olderThan)) begin(conversation)
  }

  /** Sweeps, and again after a while. @param ageMs what came in later is surely in hand here or on another instance */
  function sweepOnAndOn(ageMs: number): void {
    const nextIn = (milliseconds: number, age: number): void => {
      if (!stopping) timer = setTimeout(sweepOnAndOn, milliseconds, age)
    }
    sweep(new Date(deps.now().getTime() - ageMs)).then(
      () => nextIn(SWEEP_MS, SWEEP_MS),
      (error: unknown) => {
        deps.log.warn('turn.sweep-failed', { code: codeOf(error) })
        nextIn(SWEEP_AGAIN_MS * (0.5 + Math.random()), ageMs)
      },
    )
  }

  return {
    wake: (id, memberId) => begin({ id, ...(memberId !== undefined && { memberId }) }),
    start() {
      // Whoever died with a turn in hand has members waiting now.
      sweepOnAndOn(0)
    },
    async stop() {
      stopping = true
      clearTimeout(timer)
      postponed.stop()
      // What a file's check holds up stays due: another instance takes it, or the next start.
      await Promise.race([Promise.all(running.values()), delay(STOP_MS, undefined, { ref: false })])
    },
  }
}
