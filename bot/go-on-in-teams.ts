import { recall } from '../dialogs/conversation-memory.ts'
import type { TurnScope } from '../dialogs/turn-scope.ts'
import type { ChannelPolicies } from '../dialogs/channel-policy.ts'
import { channelEvents } from '../services/conversations/channel-events.ts'
import type { ConversationStore } from '../services/conversations/conversation-store.ts'
import { nextStep } from '../services/drafts/draft.ts'
import { codeOf } from '../services/failure.ts'
import type { Log } from '../services/log.ts'

interface Deps {
  readonly conversations: Pick<ConversationStore, 'openOf' | 'takeInUnasked'>
  readonly policyOf: ChannelPolicies
  readonly wake: (conversationId: string, memberId: string) => void
  readonly log: Log
}

type Ended = Pick<TurnScope, 'channel' | 'draft' | 'member'>

/**
 * After a turn on the page: when all is there that the member was sent for, their chat in Teams is told. The turn is
 * committed, so that nothing which breaks here may look as if it were not.
 */
export function createGoOnInTeams(deps: Deps) {
  const goOn = createGoOn(deps)
  return async (ended: Ended): Promise<void> => {
    await goOn(ended).catch((error: unknown) => deps.log.error('turn.go-on-failed', { code: codeOf(error) }))
  }
}

function createGoOn({ conversations, policyOf, wake }: Deps) {
  return async function goOnInTeams({ channel, draft, member }: Ended): Promise<void> {
    const { current } = draft
    if (policyOf('msteams').takesHealthData || channel === 'msteams' || !draft.isChanged) return
    if (!current || nextStep(current) !== 'review') return
    const chat = await conversations.openOf(member.id, 'msteams')
    const asked = chat && recall(chat).asked
    if (!chat || asked?.draft !== current.id || (asked.step !== 'motif' && asked.step !== 'document')) return
    const { givenOnPage: name } = channelEvents
    const clientId = `${name}|${current.id}|${asked.position}`
    const taken = await conversations.takeInUnasked(chat.id, { clientId, body: { type: 'event', name } })
    if (taken.taken === 'new') wake(chat.id, member.id)
  }
}
