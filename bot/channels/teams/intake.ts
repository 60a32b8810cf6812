import type { TakenIn } from '../../../services/conversations/conversation.ts'
import type { Incoming } from '../../../services/conversations/conversation-store.ts'
import type { TeamsConversations, TeamsReference } from '../../../services/conversations/teams-conversations.ts'
import type { ActivityBody } from '../../../services/conversations/activity.ts'
import { channelEvents } from '../../../services/conversations/channel-events.ts'
import type { Log } from '../../../services/log.ts'
import type { SharedFiles } from './files/shared-files.ts'
import { conversationIdOf, isPersonal, languageOf, messageBody, referenceOf, type TeamsActivity } from './inbound.ts'
import { setNewest } from './newest.ts'

/** Chats of which it is remembered whose they are. */
const MOST_CHATS = 5_000

export interface IntakeTurns {
  wake(conversationId: string, memberId?: string): void
  takeAtOnce(conversation: ArrivingIn, incoming: Incoming): Promise<TakenIn | { readonly taken: 'late' } | undefined>
}

interface ArrivingIn {
  readonly id: string
  readonly memberId: string
  readonly reference: TeamsReference
}

export interface IntakeDeps {
  readonly tenantId: string
  readonly references: TeamsConversations
  readonly sharedFiles: Pick<SharedFiles, 'take'>
  readonly turns: IntakeTurns
  /** From now on what is said there is sent at once. */
  readonly watch: (conversationId: string) => void
  /** Tells a channel or a group that requests are made in private. */
  readonly redirect: (activity: TeamsActivity) => void
  readonly log: Log
  readonly now: () => Date
}

/** What an `invoke` is answered with; it asks for something of its own, and nothing of ours is done by one. */
export interface InvokeAnswer {
  readonly status: number
}

/** What the channel takes that has neither words nor a button: a file that it does not read, or an empty message. */
const unreadable: ActivityBody = { type: 'message', text: '' }

/** Stores what is for the assistant, and leaves the rest. */
export function createIntake(deps: IntakeDeps) {
  const { references, tenantId } = deps
  /** By chat, as it was last: what is read with a turn decides. */
  const members = new Map<string, string>()

  function announce(conversationId: string): void {
    deps.watch(conversationId)
    deps.turns.wake(conversationId)
  }

  function bodyOf(activity: TeamsActivity, conversationId: string): ActivityBody {
    const said = messageBody(activity)
    const file = said?.value === undefined && deps.sharedFiles.take(conversationId, activity.attachments ?? [])
    return file ? { ...(said ?? { type: 'message' }), attachments: [file] } : (said ?? unreadable)
  }

  async function message(activity: TeamsActivity): Promise<void> {
    if (!isPersonal(activity)) return deps.redirect(activity)
    const reference = referenceOf(activity, tenantId)
    if (!reference) return deps.log.info('teams.no-account')
    const body = bodyOf(activity, reference.conversationId)
    const incoming = { clientId: activity.id, body }
    if (await isAnswered(reference, incoming)) return
    const taken = await references.takeIn(reference, { ...incoming, language: languageOf(activity) })
    if (taken.taken === 'closed') return
    if (taken.memberId !== undefined) setNewest(members, [reference.conversationId, taken.memberId], MOST_CHATS)
    // Also when it is known: who stored it may have been cut off before the turn began.
    announce(reference.conversationId)
  }

  /** Of what brings no file the turn is mostly over by then, and both are stored in one commit. */
  async function isAnswered(reference: TeamsReference, incoming: Incoming): Promise<boolean> {
    const id = reference.conversationId
    const memberId = members.get(id)
    if (memberId === undefined || incoming.body.attachments) return false
    deps.watch(id)
    const answered = await deps.turns.takeAtOnce({ id, memberId, reference }, incoming)
    return answered?.taken === 'new'
  }

  /** The assistant was added, or added again: it says what it is for, once. */
  async function added(activity: TeamsActivity): Promise<void> {
    const reference = isPersonal(activity) ? referenceOf(activity, tenantId) : undefined
    if (!reference) return
    const body: ActivityBody = { type: 'conversationUpdate' }
    if (await references.open(reference, { body, language: languageOf(activity) })) announce(reference.conversationId)
  }

  /** The text that counts is the one that was sent first, and the member is told so. */
  async function edited(activity: TeamsActivity): Promise<void> {
    const isEdit = activity.channelData?.['eventType'] === 'editMessage'
    const reference = isEdit && isPersonal(activity) ? referenceOf(activity, tenantId) : undefined
    if (!reference || activity.id === undefined) return
    const body: ActivityBody = { type: 'event', name: channelEvents.edited }
    const incoming = { clientId: `edited:${activity.id}`, body, language: languageOf(activity) }
    const taken = await references.takeIn(reference, incoming)
    if (taken.taken !== 'closed') announce(reference.conversationId)
  }

  /** Teams sends `remove-upgrade` before `add-upgrade` when the app gets a new version: the chat stays open. */
  async function installation(activity: TeamsActivity): Promise<void> {
    if (activity.action === 'add' || activity.action === 'add-upgrade') return added(activity)
    if (activity.action === 'remove') await references.block(conversationIdOf(activity, tenantId), deps.now())
  }

  async function take(activity: TeamsActivity): Promise<void> {
    switch (activity.type) {
      case 'message':
        return message(activity)
      case 'messageUpdate':
        return edited(activity)
      case 'conversationUpdate': {
        const isAdded = activity.membersAdded?.some(({ id }) => id === activity.recipient.id) ?? false
        return isAdded ? added(activity) : undefined
      }
      case 'installationUpdate':
        return installation(activity)
    }
  }

  return {
    take,
    /** `signin/…` and file consents end here with nothing to do; whatever else was asked for does not exist. */
    invoke({ name = '' }: TeamsActivity): InvokeAnswer {
      const isHarmless = name.startsWith('signin/') || name === 'fileConsent/invoke'
      return { status: isHarmless ? 200 : 501 }
    },
  }
}

export type Intake = ReturnType<typeof createIntake>
