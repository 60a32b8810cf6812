import type { TurnContext } from 'botbuilder-core'
import { recall } from '../../dialogs/conversation-memory.ts'
import { standing } from '../../dialogs/standing.ts'
import { scopeOf, type TurnScope } from '../../dialogs/turn-scope.ts'
import { AppError } from '../../services/errors.ts'
import type { DueTurn } from '../../services/conversations/due-turn.ts'
import type { Metrics } from '../../services/metrics/metrics.ts'
import type { Outbox } from '../turn-adapter.ts'

type Take = (turn: DueTurn) => Promise<void>
type Respond = (context: TurnContext) => Promise<Outbox>

/** Times each turn by the question that stood when it began. */
export function meteredTake(take: Take, metrics: Metrics): Take {
  return async turn => {
    const begun = performance.now()
    try {
      await take(turn)
    } catch (error) {
      metrics.turnFailed(error instanceof AppError ? error.code : 'invariant')
      throw error
    } finally {
      const { channel } = turn.conversation
      const step = recall(turn.conversation).asked?.step ?? 'none'
      metrics.turnEnded({ channel, step, seconds: (performance.now() - begun) / 1000 })
    }
  }
}

/** Counts what a member has to say again, or differently. */
export function meteredRespond(respond: Respond, metrics: Metrics): Respond {
  return async context => {
    const scope = scopeOf(context)
    const before = { misses: scope.memory.misses, isStale: isStale(scope) }
    const outbox = await respond(context)
    count(scope, before, metrics)
    return outbox
  }
}

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
