import type { TurnContext } from 'botbuilder-core'
import { tell } from './ask.ts'
import { say, scopeOf } from './turn-scope.ts'

/** What was not understood: gently, then explicitly, then the offer of a person. */
export async function tellMissed(context: TurnContext): Promise<void> {
  const scope = scopeOf(context)
  const misses = ++scope.memory.misses
  if (misses === 1) return tell(context, say(scope, 'fallback.first'))
  if (misses === 2) return tell(context, say(scope, 'fallback.second'))
  const contact = scope.wording.contact[scope.language]
  await tell(context, say(scope, 'fallback.offerPerson', { contact }))
}
