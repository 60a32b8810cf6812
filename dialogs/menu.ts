import type { TurnContext } from 'botbuilder-core'
import { nextStep } from '../services/drafts/draft.ts'
import { chips, waitingChips } from './chips.ts'
import { message } from './present.ts'
import { scopeOf, type TurnScope } from './turn-scope.ts'

function isUnderWay({ draft }: TurnScope): boolean {
  return draft.current !== undefined && nextStep(draft.current) !== 'consent'
}

/** A sentence with what can be done next, when nothing is asked. */
export async function tellMenu(context: TurnContext, text: string): Promise<void> {
  const scope = scopeOf(context)
  const actions = isUnderWay(scope) ? waitingChips(scope) : chips(scope, ['request', 'history', 'help'])
  await context.sendActivity({
    ...message(scope, text),
    suggestedActions: { to: [], actions },
    ...(!scope.draft.current && { channelData: { moussaada: { step: null } } }),
  })
}
