import type { TurnContext } from 'botbuilder-core'
import { tell } from './ask.ts'
import { tellMenu } from './menu.ts'
import { say, scopeOf, type TurnScope } from './turn-scope.ts'

function missed(scope: TurnScope): string {
  const misses = ++scope.memory.misses
  if (misses === 1) return say(scope, 'fallback.first')
  if (misses === 2) return say(scope, 'fallback.second')
  return say(scope, 'fallback.offerPerson', { contact: scope.wording.contact[scope.language] })
}

/**
 * What was not understood: gently, then explicitly, then the offer of a person.
 * @param isAskedNext a question follows, with buttons of its own
 */
export async function tellMissed(context: TurnContext, isAskedNext = true): Promise<void> {
  const scope = scopeOf(context)
  const isLast = !scope.draft.current || !isAskedNext
  await (isLast ? tellMenu(context, missed(scope)) : tell(context, missed(scope)))
}
