import { DialogSet } from 'botbuilder-dialogs/lib/dialogSet.js'
import { confirmationDialogs } from './confirmation-dialogs.ts'
import { HistoryDialog } from './history-dialog.ts'
import { requestDialogs } from './request-dialog.ts'

/** Every dialog, built once at start. */
export function createDialogs(): DialogSet {
  const dialogs = new DialogSet()
  for (const dialog of [...requestDialogs(), new HistoryDialog(), ...confirmationDialogs()]) dialogs.add(dialog)
  return dialogs
}
