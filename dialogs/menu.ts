import type { TurnContext } from 'botbuilder-core'
import { chips } from './chips.ts'
import { message } from './present.ts'
import { scopeOf } from './turn-scope.ts'

/** A sentence with what can be done next, when no request is open. */
export async function tellMenu(context: TurnContext, text: string): Promise<void> {
  const scope = scopeOf(context)
  await context.sendActivity({
    ...message(scope, text),
    suggestedActions: { to: [], actions: chips(scope, ['request', 'history', 'help']) },
    channelData: { moussaada: { step: null } },
  })
}
