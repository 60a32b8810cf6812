import type { GraphSettings } from '../config/graph-settings.ts'
import type { AppRegistration } from '../config/teams-settings.ts'
import { createConfirmationLetter } from '../dialogs/confirmation-letter.ts'
import { createWording, type WordingSettings } from '../dialogs/wording.ts'
import { createTranslators } from '../locales/translator.ts'
import { createAppTokens, type AppTokens } from '../services/directory/app-token.ts'
import type { Circuit } from '../services/directory/circuit.ts'
import { createDirectory, type Directory } from '../services/directory/directory.ts'
import type { DocumentStore } from '../services/documents/document-store.ts'
import type { Keyring } from '../services/keys/keyring.ts'
import type { Log } from '../services/log.ts'
import { createNotifier } from '../services/notifications/notifier.ts'
import type { Submissions } from '../services/requests/submission.ts'
import type { Storage } from '../services/storage/storage.ts'

export interface CloudDeps {
  readonly teams: AppRegistration | undefined
  readonly graph: GraphSettings | undefined
  readonly wordingSettings: WordingSettings
  readonly publicUrl: string
  readonly storage: Storage
  readonly documents: Pick<DocumentStore, 'read'>
  readonly keyring: Keyring
  readonly log: Log
  readonly now: () => Date
}

/** What there is of Microsoft's cloud. */
export interface Cloud {
  readonly tokens: AppTokens | undefined
  readonly directory: Directory | undefined
  /** The same, and what follows a submission outside is sent for in its transaction. */
  announcing(submissions: Submissions): Submissions
}

/** Milliseconds that a turn waits for the directory. */
const PERSON_MS = 3000

/** Called before the jobs start. Graph's library is slow to load, and is for those who have one. */
export async function openCloud(deps: CloudDeps): Promise<Cloud> {
  const { teams, graph: settings, storage, keyring, now } = deps
  const tokens = teams && createAppTokens({ ...teams, now })
  if (!tokens || !settings) return { tokens, directory: undefined, announcing: submissions => submissions }
  const { createGraph } = await import('../services/directory/graph-client.ts')
  const newGraph = (options: { limitMs: number; circuit?: Circuit }) =>
    createGraph({ ...settings, tokens, now, log: deps.log, ...options })
  const directory = createDirectory({ graph: newGraph({ limitMs: PERSON_MS }), cache: storage.cache, keyring, now })
  const { announce } = createNotifier({
    ...deps,
    ...storage,
    directory,
    newGraph,
    settings: { ...(settings.archive && { archive: settings.archive }), ...(settings.mail && { mail: settings.mail }) },
    write: letterOf(deps),
    allowPlain: settings.baseUrl.startsWith('http:'),
  })
  return { tokens, directory, announcing: submissions => withAnnouncement(submissions, announce) }
}

function letterOf({ wordingSettings, publicUrl }: CloudDeps) {
  const translators = createTranslators()
  const { contact } = createWording(wordingSettings, translators)
  return createConfirmationLetter({ translators, url: publicUrl, contact })
}

type Announce = ReturnType<typeof createNotifier>['announce']

/** Before the dossier is numbered: the counter's row stays locked for as short as can be. */
function withAnnouncement(submissions: Submissions, announce: Announce): Submissions {
  return {
    ...submissions,
    async store(tx, submission, reply) {
      await announce(tx, submission.draft.id)
      return await submissions.store(tx, submission, reply)
    },
  }
}
