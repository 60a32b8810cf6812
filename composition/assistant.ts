import { createBot } from '../bot/bot.ts'
import { createSharedFiles } from '../bot/channels/teams/files/shared-files.ts'
import { createTeamsIdentity } from '../bot/channels/teams/identity.ts'
import { createSecurePage } from '../bot/channels/teams/secure-page.ts'
import { createProactiveSweep } from '../bot/proactive-sweep.ts'
import { createChannelPolicies } from '../dialogs/channel-policy.ts'
import { createWording } from '../dialogs/wording.ts'
import { createTranslators } from '../locales/translator.ts'
import { createPageLinks } from '../services/accounts/page-links.ts'
import { openFileCheck } from '../services/documents/file-check.ts'
import { scheduleHousekeeping } from '../services/housekeeping.ts'
import { scheduleDraftReminders } from '../services/proactive/draft-reminders.ts'
import { createProactiveNotices } from '../services/proactive/proactive-notices.ts'
import { newId, now } from './clock.ts'
import type { Parts } from './parts.ts'

/** The assistant, and the work that comes by itself. */
export function openBot({ config, publicUrl, base, cloud, log }: Omit<Parts, 'bot'>) {
  const { storage, keyring, sessions, streamTickets, delays, metrics, tracing } = base
  const services = { ...base.services, submissions: cloud.announcing(base.services.submissions) }
  const pdfCheck = openFileCheck({ ...config.operations, log, metrics })
  const translators = createTranslators()
  const wording = createWording(config, translators)
  const known = { ...storage, ...services, keyring, translators, wording, publicUrl, now }
  const identity = config.teams && createTeamsIdentity({ ...known, directory: cloud.directory })
  const policyOf = createChannelPolicies(config.teams)
  const takesFiles = policyOf('msteams').takesHealthData
  const sharedFiles = config.teams && createSharedFiles({ ...known, ...config.teams, takesFiles, log })
  const securePage = createSecurePage({ publicUrl, links: createPageLinks({ keyring, now }) })
  const speaking = { translators, wording, ...identity, sharedFiles, policyOf, securePage }
  const turns = createBot({ services, pdfCheck, storage, log, metrics, tracing, now, newId, ...speaking })
  const notices = createProactiveNotices({ ...storage, ...services, now, newId, hasTeams: config.teams !== undefined })
  const proactive = createProactiveSweep({ notices, turns, log })
  const work = { ...storage, log, now }
  scheduleHousekeeping({ ...work, ...services, sessions, streamTickets, delays, notices, teamsLinks: identity?.links })
  scheduleDraftReminders({ ...work, settings: config.reminders, onReminded: () => proactive.wake() })
  return { pdfCheck, translators, turns, identity, sharedFiles, policyOf, notices, proactive }
}
export type Bot = ReturnType<typeof openBot>
