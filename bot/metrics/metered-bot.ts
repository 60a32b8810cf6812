import type { TurnContext } from 'botbuilder-core'
import { recall } from '../../dialogs/conversation-memory.ts'
import { standing } from '../../dialogs/standing.ts'
import { scopeOf, type TurnScope } from '../../dialogs/turn-scope.ts'
import { AppError } from '../../services/errors.ts'
import type { Conversation } from '../../services/conversations/conversation.ts'
import type { DueTurn } from '../../services/conversations/due-turn.ts'
import type { Member } from '../../services/members/member.ts'
import type { Metrics } from '../../services/metrics/metrics.ts'
import type { Take } from '../take-due-turn.ts'
import type { Outbox } from '../turn-adapter.ts'

type Respond = (context: TurnContext) => Promise<Outbox>

export interface MeteredBot {
  /** Times each turn by the question that stood when it began. */
  take(take: Take): Take
  /** Counts what a member has to say again, or differently. */
  respond(respond: Respond): Respond
}

export function createMeteredBot(metrics: Metrics): MeteredBot {
  // Known once the turn has read its conversation's state: to read it twice costs every turn one part in a hundred.
  const steps = new WeakMap<Member, string>()

  function ended({ conversation, member }: DueTurn, begun: number): void {
    const step = (member && steps.get(member)) ?? stepIn(conversation)
    metrics.turnEnded({ channel: conversation.channel, step, seconds: (performance.now() - begun) / 1000 })
  }

  return {
    take: take => async turn => {
      const begun = performance.now()
      try {
        return await take(turn)
      } catch (error) {
        // What is not stored yet ends with no apology: it is taken in again, and counted then.
        if (!turn.isArriving) metrics.turnFailed(error instanceof AppError ? error.code : 'invariant')
        throw error
      } finally {
        ended(turn, begun)
      }
    },
    respond: respond => async context => {
      const scope = scopeOf(context)
      const { misses, asked } = scope.memory
      steps.set(scope.member, asked?.step ?? NONE)
      const before = { misses, isStale: isStale(scope) }
      const outbox = await respond(context)
      count(scope, before, metrics)
      return outbox
    },
  }
}

const NONE = 'none'

const stepIn = (conversation: Conversation): string => recall(conversation).asked?.step ?? NONE

const isStale = (scope: TurnScope): boolean =>
  scope.message.kind === 'answer' && !['current', 'nothing-asked'].includes(standing(scope))

function count(scope: TurnScope, before: { misses: number; isStale: boolean }, metrics: Metrics): void {
  const { message } = scope
  if (message.kind === 'file') {
    if (message.file.verdict !== 'accepted') metrics.rejected('file', message.file.reason)
    return
  }
  const code = inputFault(scope, before)
  if (code) metrics.rejected('input', code)
}

function inputFault({ message, memory }: TurnScope, before: { misses: number; isStale: boolean }): string | undefined {
  if (message.kind === 'unreadable') return 'unreadable'
  if (message.kind === 'text' && message.tooLong) return 'tooLong'
  if (message.kind === 'text' && message.heldRib) return 'typedRib'
  if (before.isStale) return 'stale'
  return memory.misses > before.misses ? 'notUnderstood' : undefined
}
