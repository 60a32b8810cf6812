import assert from 'node:assert/strict'
import { transcriptTopic } from '../../services/conversations/conversation.ts'
import type { ActivityBody, StoredActivity } from '../../services/conversations/activity.ts'
import type { Channel } from '../../services/drafts/draft.ts'
import { nextStep } from '../../services/drafts/draft.ts'
import { buttonsOf, linesOf, type Button } from './chat-lines.ts'
import type { Office } from './office.ts'

export interface Chat {
  readonly id: string
  readonly memberId: string
  writes(text: string): Promise<void>
  /** Presses the newest live button with this title, or one that a message showed once, live or not. */
  presses(title: string, which?: 'live' | 'first' | 'last'): Promise<void>
  attaches(name: string, bytes: Uint8Array): Promise<void>
  sends(body: ActivityBody): Promise<void>
  /** What the assistant has said, and changed in place, since this was last asked: a block of lines each. */
  heard(): Promise<string[][]>
  transcript(): Promise<StoredActivity[]>
}

/** Direction marks and no-break spaces are for the eye: a transcript reads without them. */
const plain = (line: string) => line.replaceAll(/[\u2066-\u2069]/g, '').replaceAll(/[\u00a0\u202f]/g, ' ')

/** Waits until nothing is due in the conversation. */
async function settle(office: Office, id: string): Promise<void> {
  const changed = Promise.withResolvers<void>()
  const check = async () => {
    if ((await office.services.conversations.due(id)).length === 0) changed.resolve()
  }
  const end = office.eventBus.subscribe(transcriptTopic(id), () => void check())
  office.turns.wake(id)
  await check()
  await changed.promise
  end()
}

interface Opening {
  readonly ppr: string
  readonly language: 'fr' | 'ar'
  readonly channel?: Channel
}

export async function openChat(office: Office, { ppr, language, channel = 'webchat' }: Opening): Promise<Chat> {
  const { conversations } = office.services
  const member = await office.services.members.findByPpr(ppr)
  assert.ok(member)
  const id = office.newId()
  await conversations.create({ id, channel, memberId: member.id, language }, { type: 'conversationUpdate' })
  await settle(office, id)
  const shown: Button[] = []
  let heardUpTo = 0

  const transcript = () => conversations.latest(id, 1000)
  const live = async () => {
    const said = await transcriptOfBot()
    return said.flatMap(({ body }, index) => buttonsOf(index === said.length - 1 ? body : withoutChips(body)))
  }
  const transcriptOfBot = async () => (await transcript()).filter(({ direction }) => direction === 'out')
  async function look(): Promise<void> {
    shown.push(...(await transcriptOfBot()).flatMap(({ body }) => buttonsOf(body)))
  }
  async function sends(body: ActivityBody): Promise<void> {
    await look()
    const taken = await conversations.takeIn(id, { clientId: office.newId(), body })
    assert.equal(taken.taken, 'new')
    await settle(office, id)
  }

  return {
    id,
    memberId: member.id,
    transcript,
    sends,
    writes: text => sends({ type: 'message', text, textFormat: 'plain' }),
    async presses(title, which = 'live') {
      await look()
      const titled = (which === 'live' ? await live() : shown).filter(button => plain(button.title) === title)
      const button = which === 'first' ? titled[0] : titled.at(-1)
      assert.ok(button, `no button « ${title} »`)
      await sends({ type: 'message', value: button.data, channelData: { postBack: true } })
    },
    async attaches(name, bytes) {
      const content = await keep(office, { memberId: member.id, name }, bytes)
      await sends({ type: 'message', attachments: [{ contentType: 'application/pdf', name, content }] })
    },
    async heard() {
      await look()
      const news = await conversations.since(id, heardUpTo, 1000)
      heardUpTo = news.at(-1)?.seq ?? heardUpTo
      return news.filter(({ direction }) => direction === 'out').map(activity => block(activity))
    },
  }
}

function withoutChips(body: ActivityBody): ActivityBody {
  const { suggestedActions: _, ...rest } = body
  return rest
}

/** An edit shows what the card says last; a new message shows all. */
function block({ position, seq, body }: StoredActivity): string[] {
  const lines = linesOf(body).map(plain)
  return position === seq ? [`bot:   ${lines[0] ?? ''}`, ...lines.slice(1)] : [`edit:  ${lines[0] ?? ''} … ${lines.at(-1) ?? ''}`]
}

/** Stores a file as the upload route does: refused at the door when no document is asked for. */
async function keep(office: Office, file: { memberId: string; name: string }, bytes: Uint8Array): Promise<unknown> {
  const { drafts, documents } = office.services
  const draft = await drafts.openOf(file.memberId)
  if (!draft || nextStep(draft) !== 'document') return { refused: 'unexpected' }
  const stream = (async function* whole() {
    yield bytes
  })()
  const received = await documents.receive({ ...file, dossierId: draft.id }, stream, 20 * 1024 * 1024)
  return received.received ? { document: received.id, size: received.size } : { refused: received.reason, size: received.size }
}
