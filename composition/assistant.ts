import { createBot } from '../bot/bot.ts'
import { createSharedFiles } from '../bot/channels/teams/files/shared-files.ts'
import { createTeamsIdentity } from '../bot/channels/teams/identity.ts'
import { createWording } from '../dialogs/wording.ts'
import { createTranslators } from '../locales/translator.ts'
import { openFileCheck } from '../services/documents/file-check.ts'
import { scheduleHousekeeping } from '../services/housekeeping.ts'
import { newId, now } from './clock.ts'
import type { Parts } from './parts.ts'

/** The assistant, and the work that comes by itself. */
export function openBot({ config, publicUrl, base, cloud, log }: Omit<Parts, 'bot'>) {
  const { storage, keyring, sessions, delays, metrics, tracing } = base
  const services = { ...base.services, submissions: cloud.announcing(base.services.submissions) }
  const pdfCheck = openFileCheck({ ...config.operations, log, metrics })
  const translators = createTranslators()
  const wording = createWording(config, translators)
  const known = { ...storage, ...services, keyring, translators, wording, publicUrl, now }
  const identity = config.teams && createTeamsIdentity({ ...known, directory: cloud.directory })
  const sharedFiles = config.teams && createSharedFiles({ ...known, ...config.teams, takesFiles: true, log })
  const speaking = { translators, wording, ...identity, sharedFiles }
  const turns = createBot({ services, pdfCheck, storage, log, metrics, tracing, now, newId, ...speaking })
  scheduleHousekeeping({ ...services, sessions, delays, teamsLinks: identity?.links, jobs: storage.jobs, log, now })
  return { pdfCheck, translators, turns, identity, sharedFiles }
}
export type Bot = ReturnType<typeof openBot>
