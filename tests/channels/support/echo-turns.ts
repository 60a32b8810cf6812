import { transcriptTopic } from '../../../services/conversations/conversation.ts'
import type { StoredActivity } from '../../../services/conversations/activity.ts'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import type { Database } from '../../../services/storage/database.ts'
import type { EventBus } from '../../../services/storage/event-bus.ts'

interface EchoParts {
  readonly database: Database
  readonly conversations: ConversationStore
  readonly eventBus: EventBus
}

/** The smallest assistant: answers each due activity with what it was, and strikes its own earlier answer out on demand. */
export function createEchoTurns({ database, conversations, eventBus }: EchoParts) {
  let work: Promise<unknown> = Promise.resolve()
  const lastAnswer = new Map<string, number>()

  async function answer(activity: StoredActivity): Promise<void> {
    const { conversationId, body } = activity
    const struck = body.text === 'strike' ? lastAnswer.get(conversationId) : undefined
    const placed = await conversations.endTurn(database, conversationId, {
      activity,
      said: [say(`echo: ${saidIn(activity)}`)],
      edits: struck === undefined ? [] : [{ position: struck, body: say('struck') }],
      state: '{}',
      language: (await conversations.find(conversationId))?.language ?? 'fr',
    })
    const [position] = placed?.positions ?? []
    if (position !== undefined) lastAnswer.set(conversationId, position)
    await eventBus.publish(transcriptTopic(conversationId))
  }

  return {
    takeAtOnce: () => Promise.resolve(undefined),
    wake(conversationId: string): void {
      const before = work
      work = (async () => {
        await before
        for (const activity of await conversations.due(conversationId)) await answer(activity)
      })()
    },
    /** Resolves when every turn begun so far is committed. */
    settled: () => work,
  }
}

const say = (text: string) => ({ type: 'message', text, textFormat: 'plain', locale: 'fr-MA' }) as const

function saidIn({ body }: StoredActivity): string {
  if (body.attachments) return JSON.stringify(body.attachments.map(({ content }) => content))
  return body.text ?? body.name ?? body.type
}
