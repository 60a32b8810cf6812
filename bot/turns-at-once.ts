import type { ConversationOf, TakenIn } from '../services/conversations/conversation.ts'
import type { Incoming } from '../services/conversations/conversation-store.ts'
import type { DueTurn, DueTurns } from '../services/conversations/due-turn.ts'
import type { TeamsReference } from '../services/conversations/teams-conversations.ts'
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
  /** Whether it is known whose turn it is, without asking anybody, where a channel does not say. */
  readonly knows?: ((turn: DueTurn) => boolean) | undefined
  readonly lease: Lease
  readonly notices: Notices
  readonly log: Log
  readonly tracing: Tracing
}

/** Its sender has waited too long for it to be begun, and sends it again: nothing is stored. */
export interface Late {
  readonly taken: 'late'
}

/** A conversation, with whose it is believed to be. */
export interface ArrivingIn extends Required<ConversationOf> {
  /** Where it is reached in Teams, as what came says it. */
  readonly reference?: TeamsReference
}

/** @returns undefined when what came is to be stored first, and its turn comes after */
export type TakeAtOnce = (conversation: ArrivingIn, incoming: Incoming) => Promise<TakenIn | Late | undefined>

/**
 * Turns of what nobody has to wait for: one statement reads all that the turn begins with, one commit stores what came with
 * what is said to it. Nothing is stored unless all of it is, and only while nothing else has come into the conversation
 * since; whatever goes otherwise leaves no trace, and the activity is taken in as any other.
 */
export function createTurnsAtOnce({ take, dueTurns, knows, lease, notices, log, tracing }: Deps): TakeAtOnce {
  const isOf = (memberId: string, turn: DueTurn): boolean =>
    turn.conversation.memberId === memberId && (turn.conversation.channel === 'webchat' || (knows?.(turn) ?? false))

  async function begin(turn: DueTurn): Promise<TakenIn> {
    const { id, channel, memberId } = turn.conversation
    const span = { kind: 'internal', name: 'turn', attributes: { channel } } as const
    notices.now(id, await tracing.trace(span, () => takeLogged({ take, log }, turn)))
    return { taken: 'new', position: turn.activity.position, ...(memberId !== undefined && { memberId }) }
  }

  async function attempt({ id, memberId, reference }: ArrivingIn, incoming: Incoming, isTooLate: () => boolean) {
    const arrival = await dueTurns.arriving(id, incoming, reference)
    if (arrival.taken === 'behind') return undefined
    if (arrival.taken !== 'now') return arrival
    if (isTooLate()) {
      log.warn('turn.too-late', { conversation: id })
      return { taken: 'late' } as const
    }
    return isOf(memberId, arrival.turn) ? begin(arrival.turn) : undefined
  }

  return async (conversation, incoming) => {
    const { id, memberId } = conversation
    const begun = performance.now()
    const isTooLate = () => performance.now() - begun > PATIENCE_MS
    try {
      return await lease.hold(`member:${memberId}`, () => attempt(conversation, incoming, isTooLate), LEASE_MS)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'database.unreachable' || code === 'storage.full') throw error
      log.info('turn.not-at-once', { conversation: id, code })
      return undefined
    }
  }
}
