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

/** What was not understood: gently, then explicitly, then the offer of a person. */
export async function tellMissed(context: TurnContext): Promise<void> {
  const scope = scopeOf(context)
  await (scope.draft.current ? tell(context, missed(scope)) : tellMenu(context, missed(scope)))
}
