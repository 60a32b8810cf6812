import type { MessageKey, Translators } from '../../../locales/translator.ts'
import type { Log } from '../../../services/log.ts'
import type { RateLimit, RateLimiter } from '../../../services/storage/rate-limiter.ts'
import type { Connector } from './connector.ts'
import { isPersonal, languageOf, type TeamsActivity } from './inbound.ts'

export interface RedirectDeps {
  readonly connector: Connector
  readonly rateLimiter: RateLimiter
  readonly translators: Translators
  readonly log: Log
}

/** Once is enough for a conversation that goes on. */
const redirects: RateLimit = { name: 'teams.redirect', points: 1, seconds: 300 }

/**
 * Says in a channel or a group that requests are made in private. Nothing that is said there is stored: who is ill is
 * nobody else's business.
 */
export const createRedirect = (deps: RedirectDeps) => createReply(deps, { limit: redirects, key: 'teams.personalOnly' })

/** Once a minute for a member who tries again. */
const refusals: RateLimit = { name: 'teams.storage-full', points: 1, seconds: 60 }

/** Says to a member, beside the database, that nothing can be stored: it could not hold the answer either. */
export const createFullReply = (deps: RedirectDeps) => createReply(deps, { limit: refusals, key: 'error.storageFull' })

interface Said {
  readonly limit: RateLimit
  readonly key: MessageKey
}

function createReply({ connector, rateLimiter, translators, log }: RedirectDeps, { limit, key }: Said) {
  async function reply(activity: TeamsActivity): Promise<void> {
    const { conversation, serviceUrl, id = '' } = activity
    if ((await rateLimiter.take(limit, conversation.id)) > 0) return
    const voice = translators[languageOf(activity)]
    const outcome = await connector.reply({ serviceUrl, teamsId: conversation.id }, id, {
      type: 'message',
      text: voice.t(key, { name: voice.t('app.name') }),
      textFormat: 'plain',
      locale: voice.locale,
      channelId: 'msteams',
      from: { id: activity.recipient.id, name: voice.t('app.name') },
      recipient: { id: activity.from.id, name: '' },
      conversation: { id: conversation.id, isGroup: !isPersonal(activity), conversationType: '', name: '' },
    })
    if (outcome.result !== 'done') log.info('teams.redirect-failed', { code: outcome.code })
  }

  return (activity: TeamsActivity): void => {
    reply(activity).catch(() => log.info('teams.redirect-failed', { code: 'unknown' }))
  }
}
