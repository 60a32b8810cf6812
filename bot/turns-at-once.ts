import type { ConversationOf, TakenIn } from '../services/conversations/conversation.ts'
import type { Incoming } from '../services/conversations/conversation-store.ts'
import type { DueTurn, DueTurns } from '../services/conversations/due-turn.ts'
import { codeOf } from '../services/failure.ts'
import type { Log } from '../services/log.ts'
import type { Lease } from '../services/storage/lease.ts'
import type { Tracing } from '../services/tracing/tracing.ts'
import type { Notices } from './notices.ts'
import { takeLogged, type Take } from './take-due-turn.ts'

/** Milliseconds that it waits for other turns of its member, here and then elsewhere: longer ones check a file. */
const LEASE_MS = 1_000
/**
 * Milliseconds. What its sender has waited for so long already is not begun: the commit may take 8 s more, and a request
 * is answered within 15.
 */
const PATIENCE_MS = 5_000

interface Deps {
  readonly take: Take
  readonly dueTurns: DueTurns
  readonly lease: Lease
  readonly notices: Notices
  readonly log: Log
  readonly tracing: Tracing
}

/** Its sender has waited too long for it to be begun, and sends it again: nothing is stored. */
export interface Late {
  readonly taken: 'late'
}

/** @returns undefined when what came is to be stored first, and its turn comes after */
export type TakeAtOnce = (
  conversation: Required<ConversationOf>,
  incoming: Incoming,
) => Promise<TakenIn | Late | undefined>

/**
 * Turns of what nobody has to wait for: one statement reads all that the turn begins with, one commit stores what came with
 * what is said to it. Nothing is stored unless all of it is, and only while nothing else has come into the conversation
 * since; whatever goes otherwise leaves no trace, and the activity is taken in as any other.
 */
export function createTurnsAtOnce({ take, dueTurns, lease, notices, log, tracing }: Deps): TakeAtOnce {
  async function begin(turn: DueTurn): Promise<TakenIn> {
    const { id, channel, memberId } = turn.conversation
    const span = { kind: 'internal', name: 'turn', attributes: { channel } } as const
    notices.now(id, await tracing.trace(span, () => takeLogged({ take, log }, turn)))
    return { taken: 'new', position: turn.activity.position, ...(memberId !== undefined && { memberId }) }
  }

  async function attempt(id: string, incoming: Incoming, isTooLate: () => boolean): ReturnType<TakeAtOnce> {
    const arrival = await dueTurns.arriving(id, incoming)
    if (arrival.taken === 'behind') return undefined
    if (arrival.taken !== 'now') return arrival
    if (!isTooLate()) return begin(arrival.turn)
    log.warn('turn.too-late', { conversation: id })
    return { taken: 'late' }
  }

  return async ({ id, memberId }, incoming) => {
    const begun = performance.now()
    const isTooLate = () => performance.now() - begun > PATIENCE_MS
    try {
      return await lease.hold(`member:${memberId}`, () => attempt(id, incoming, isTooLate), LEASE_MS)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'database.unreachable') throw error
      log.info('turn.not-at-once', { conversation: id, code })
      return undefined
    }
  }
}
