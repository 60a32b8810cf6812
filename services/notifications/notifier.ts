import type { Directory } from '../directory/directory.ts'
import { createCircuit, type Circuit } from '../directory/circuit.ts'
import type { Graph } from '../directory/graph-client.ts'
import type { DocumentStore } from '../documents/document-store.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { Log } from '../log.ts'
import type { Database } from '../storage/database.ts'
import type { Jobs } from '../storage/jobs.ts'
import { createArchive, type ArchiveSettings } from './archive/archive.ts'
import { createUploadHost } from './archive/upload-host.ts'
import { createConfirmation } from './mail/confirmation.ts'
import type { WriteLetter } from './mail/letter.ts'
import { createMailbox } from './mail/mailbox.ts'
import { createRecipients } from './mail/recipients.ts'
import { createNotificationStore, type NotificationStore } from './notification-store.ts'
import { createNotifications, type Notifications } from './notifications.ts'

/** What is switched on. */
export interface NotifierSettings {
  readonly archive?: ArchiveSettings
  readonly mail?: { readonly from: string }
}

interface Deps {
  readonly database: Database
  readonly jobs: Jobs
  readonly keyring: Keyring
  readonly documents: Pick<DocumentStore, 'read'>
  readonly directory: Directory
  readonly write: WriteLetter
  readonly log: Log
  readonly now: () => Date
  readonly settings: NotifierSettings
  readonly newGraph: (options: { readonly limitMs: number; readonly circuit?: Circuit }) => Graph
  /** Graph is an emulator on the loopback. */
  readonly allowPlain: boolean
}

/** Milliseconds that nobody waits for: a job may take its time. */
const CALL_MS = 60_000
/** A range of 5 MB at 350 kbit/s. */
const RANGE_MS = 120_000

/** The archive and the mail, each where it is switched on. Called before the jobs start. */
export function createNotifier(deps: Deps): Notifications {
  const { database, jobs, log, now, settings } = deps
  const store = createNotificationStore(deps)
  const { archive, mail } = settings
  const notify = {
    ...(archive && { archive: archiveOf(deps, archive, store) }),
    ...(mail && { mail: mailOf(deps, mail.from, store) }),
  }
  return createNotifications({ database, jobs, store, log, now, notify })
}

/** Graph and the host of its uploads share what asks for rest. */
function archiveOf(
  { newGraph, now, allowPlain, documents }: Deps,
  settings: ArchiveSettings,
  store: NotificationStore,
) {
  const circuit = createCircuit({ now })
  const graph = newGraph({ limitMs: CALL_MS, circuit })
  const host = createUploadHost({ circuit, now, limitMs: RANGE_MS, allowPlain })
  return createArchive({ graph, host, documents, store, settings })
}

function mailOf({ newGraph, database, directory, write }: Deps, from: string, store: NotificationStore) {
  const mailbox = createMailbox(newGraph({ limitMs: CALL_MS }), from)
  return createConfirmation({ mailbox, store, write, personOf: createRecipients({ database, directory }) })
}
