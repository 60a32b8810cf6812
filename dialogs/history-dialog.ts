import { Dialog, type DialogTurnResult } from 'botbuilder-dialogs/lib/dialog.js'
import type { DialogContext } from 'botbuilder-dialogs/lib/dialogContext.js'
import { tell } from './ask.ts'
import { historyCard } from './cards/history-card.ts'
import { tellMenu } from './menu.ts'
import { say, scopeOf, type TurnScope } from './turn-scope.ts'

export const HISTORY_DIALOG = 'history'
const PAGE = 5

/** Where *Voir d'autres demandes* goes on. */
function firstShown({ message }: TurnScope): number {
  const from = message.kind === 'command' ? Number(message.value.choice ?? 0) : 0
  return Number.isSafeInteger(from) && from > 0 ? from : 0
}

/** The member's requests, newest first; then whatever was being asked is asked again. */
export class HistoryDialog extends Dialog {
  constructor() {
    super(HISTORY_DIALOG)
  }

  override async beginDialog(dc: DialogContext): Promise<DialogTurnResult> {
    const scope = scopeOf(dc.context)
    const from = firstShown(scope)
    const page = await scope.history.page(scope.member.id, { from, count: PAGE })
    if (page.total > 0) await dc.context.sendActivity(historyCard(scope, page, from))
    else if (scope.draft.current) await tell(dc.context, say(scope, 'history.empty'))
    else await tellMenu(dc.context, say(scope, 'history.empty'))
    return dc.endDialog()
  }
}
