import type { BotFrameworkAuthentication } from 'botframework-connector'
import type { Activity } from 'botframework-schema'
import type { TeamsActivity } from './inbound.ts'

export type LibraryVerdict = 'taken' | 'refused' | 'late'

/** The library fetches its keys without an end to its patience. */
const TIME_LIMIT_MS = 10_000

interface Asked {
  readonly authorization: string
  readonly activity: TeamsActivity
}

/** Has Microsoft's library check the token: as its adapter does before each turn, without the clients of that turn. */
export async function checkByLibrary(
  authentication: BotFrameworkAuthentication,
  { authorization, activity }: Asked,
): Promise<LibraryVerdict> {
  const checked = authentication.authenticateRequest(seen(activity), authorization).then(
    () => 'taken' as const,
    () => 'refused' as const,
  )
  return await Promise.race([checked, late()])
}

/** What the check needs, and no word of anybody's. */
function seen({ type, channelId, serviceUrl, conversation, from, recipient }: TeamsActivity): Activity {
  return {
    type,
    channelId,
    serviceUrl,
    conversation: { id: conversation.id, isGroup: false, conversationType: '', name: '' },
    from: { id: from.id, name: '' },
    recipient: { id: recipient.id, name: '' },
    text: '',
    label: '',
    valueType: '',
    localTimezone: '',
    callerId: '',
    listenFor: [],
  }
}

async function late(): Promise<'late'> {
  return await new Promise(resolve => void setTimeout(resolve, TIME_LIMIT_MS, 'late').unref())
}
