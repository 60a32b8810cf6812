import type { Activity } from 'botframework-schema'
import { teamsMessage } from '../../../dialogs/cards/teams-message.ts'
import type { Translators } from '../../../locales/translator.ts'
import type { StoredActivity } from '../../../services/conversations/activity.ts'
import type { TeamsReference } from '../../../services/conversations/teams-conversations.ts'
import { RIB_PLACEHOLDER } from '../../../services/members/rib.ts'

export interface StepMessageDeps {
  /** The RIB, grouped, of whoever is asked to confirm it; undefined where Teams shows the mask. */
  readonly revealRib: (conversationId: string) => Promise<string | undefined>
  readonly translators: Translators
}

/** The one message that shows these activities. */
export async function messageOf(
  deps: StepMessageDeps,
  reference: TeamsReference,
  activities: readonly StoredActivity[],
): Promise<Partial<Activity>> {
  const bodies = activities.map(({ body }) => body)
  const language = bodies.at(-1)?.locale?.startsWith('ar') ? 'ar' : 'fr'
  const voice = deps.translators[language]
  const name = voice.t('app.name')
  const isAboutRib = JSON.stringify(bodies).includes(RIB_PLACEHOLDER)
  const rib = isAboutRib ? await deps.revealRib(reference.conversationId) : undefined
  return {
    ...teamsMessage(bodies, { rib, botName: name, choose: voice.t('teams.choose') }),
    channelId: 'msteams',
    serviceUrl: reference.serviceUrl,
    from: { id: reference.botId, name },
    recipient: { id: reference.userId, name: '' },
    conversation: { id: reference.teamsId, conversationType: 'personal', isGroup: false, name: '' },
  }
}
