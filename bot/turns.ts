import { setTimeout as delay } from 'node:timers/promises'
import type { ConversationOf } from '../services/conversations/conversation.ts'
import type { DueTurn, DueTurns } from '../services/conversations/due-turn.ts'
import { causesOf, codeOf } from '../services/failure.ts'
import type { EventBus } from '../services/storage/event-bus.ts'
import type { Lease } from '../services/storage/lease.ts'
import { createNotices, type Notices } from './notices.ts'
import { createPostponedTurns } from './postponed-turns.ts'
import { takeDueTurn, type TakeDeps } from './take-due-turn.ts'
import { createTurnsAtOnce, type TakeAtOnce } from './turns-at-once.ts'

/** A turn that was cut short is taken up again after this long. */
const SWEEP_MS = 5_000
/** Milliseconds that turns in hand get when the process stops, which must be gone within 15 s. */
const STOP_MS = 9_000
/** Milliseconds after which a sweep that failed is tried again. */
const SWEEP_AGAIN_MS = 1_000

export interface TurnsDeps extends TakeDeps {
  readonly dueTurns: DueTurns
  readonly knows?: ((turn: DueTurn) => boolean) | undefined
  readonly eventBus: EventBus
  readonly lease: Lease
}

export interface Turns {
  /** Something has come into this conversation. @param memberId whose it is, when that is known */
  wake(conversationId: string, memberId?: string): void
  /**
   * Takes a turn of what a person has just sent, and stores both in one commit.
   * @returns undefined when it is to be taken in first, and its turn comes after; `late` when it is to be sent again
   * @throws {AppError} `database.unreachable`: the same again may do it
   */
  takeAtOnce: TakeAtOnce
  /** Takes up, now and every 5 s, what another process left undone. */
  start(): void
  /** Lets the turns in hand finish, for a while. */
  stop(): Promise<void>
}

/** Takes what is due in a conversation, in order of seq, until nothing is. */
async function takeDue(deps: TurnsDeps, notices: Notices, { id, memberId }: ConversationOf): Promise<void> {
  await deps.lease.hold(`member:${memberId ?? id}`, async () => {
    for (;;) {
      const turn = await deps.dueTurns.next(id)
      if (!turn) return
      notices.now(id, await takeDueTurn(deps, turn))
      if (!turn.hasMore) return
    }
  })
}

/** Runs the turns of every conversation: one at a time for a member, in the inbox's order. */
export function createTurns(deps: TurnsDeps): Turns {
  const notices = createNotices(deps)
  const atOnce = createTurnsAtOnce({ ...deps, notices })
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
    // The operator has been told once for all.
    if (isFirst && codeOf(error) !== 'storage.full')
      deps.log.error('turn.postponed', { conversation: id, code: codeOf(error), causes: causesOf(error) })
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
    takeAtOnce: async (conversation, incoming) =>
      stopping || running.has(conversation.id) ? undefined : atOnce(conversation, incoming),
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
