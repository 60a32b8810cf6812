import { DialogSet } from 'botbuilder-dialogs/lib/dialogSet.js'
import { confirmationDialogs } from './confirmation-dialogs.ts'
import { HistoryDialog } from './history-dialog.ts'
import { RequestDialog } from './request-dialog.ts'

/** Every dialog, built once at start. */
export function createDialogs(): DialogSet {
  const dialogs = new DialogSet()
  dialogs.add(new RequestDialog())
  dialogs.add(new HistoryDialog())
  for (const dialog of confirmationDialogs()) dialogs.add(dialog)
  return dialogs
}
