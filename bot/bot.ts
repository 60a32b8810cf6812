import { createChannelPolicies, type ChannelPolicies } from '../dialogs/channel-policy.ts'
import { createDialogs } from '../dialogs/root-dialogs.ts'
import type { TurnScope, Wording } from '../dialogs/turn-scope.ts'
import type { Translators } from '../locales/translator.ts'
import type { PdfCheck } from '../services/documents/pdf-check/pdf-check.ts'
import { AppError } from '../services/errors.ts'
import type { Log } from '../services/log.ts'
import type { Metrics } from '../services/metrics/metrics.ts'
import type { Services } from '../services/services.ts'
import type { Database } from '../services/storage/database.ts'
import type { EventBus } from '../services/storage/event-bus.ts'
import type { Lease } from '../services/storage/lease.ts'
import type { Tracing } from '../services/tracing/tracing.ts'
import { createAssistant } from './assistant.ts'
import type { SharedFiles } from './channels/teams/files/shared-files.ts'
import type { Identify, Knows } from './channels/teams/identify.ts'
import { createGoOnInTeams } from './go-on-in-teams.ts'
import { createMeteredBot } from './metrics/metered-bot.ts'
import { createStoredFiles } from './stored-files.ts'
import { createTurn } from './turn.ts'
import { createTurns, type Turns } from './turns.ts'

export interface BotDeps {
  readonly services: Services
  readonly pdfCheck: PdfCheck
  readonly storage: { readonly database: Database; readonly eventBus: EventBus; readonly lease: Lease }
  readonly translators: Translators
  readonly wording: Wording
  readonly log: Log
  readonly metrics: Metrics
  readonly tracing: Tracing
  readonly identify?: Identify | undefined
  readonly knows?: Knows | undefined
  readonly sharedFiles?: SharedFiles | undefined
  /** Undefined: every channel shows and takes everything. */
  readonly policyOf?: ChannelPolicies | undefined
  /** For a channel that does not take health data. */
  readonly securePage?: TurnScope['securePage'] | undefined
  readonly now: () => Date
  readonly newId: () => string
}

/** The assistant behind every channel: give it a wake when something has come in, and its answers are in the transcript. */
export function createBot(deps: BotDeps): Turns {
  const { services, storage, metrics } = deps
  const metered = createMeteredBot(metrics)
  const respond = metered.respond(createAssistant(createDialogs()))
  const { policyOf = createChannelPolicies(undefined), securePage = noPage } = deps
  const wake: Turns['wake'] = (id, memberId) => turns.wake(id, memberId)
  const onEnded = createGoOnInTeams({ ...services, policyOf, wake, log: deps.log })
  const storedFiles = createStoredFiles({ ...services, ...deps })
  const ending = { database: storage.database, respond, storedFiles, policyOf, securePage, onEnded }
  const take = metered.take(createTurn({ ...deps, ...services, ...ending }))
  const turns = createTurns({ ...deps, ...services, ...storage, take })
  return turns
}

function noPage(): never {
  throw new AppError('invariant', 'a question is asked on a page that is not there')
}
