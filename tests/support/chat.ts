import assert from 'node:assert/strict'
import { readInbound } from '../../bot/channels/directline/inbound.ts'
import { transcriptTopic } from '../../services/conversations/conversation.ts'
import type { ActivityBody, StoredActivity } from '../../services/conversations/activity.ts'
import type { Incoming } from '../../services/conversations/conversation-store.ts'
import type { Channel } from '../../services/drafts/draft.ts'
import type { Language } from '../../services/language.ts'
import { cardButtonsOf, chipsOf, linesOf, stepOf, type Button } from './chat-lines.ts'
import { arrive, type ArrivingFile } from './arriving-files.ts'
import type { Office } from './office.ts'

export interface Chat {
  readonly id: string
  readonly memberId: string
  writes(text: string): Promise<void>
  /** Presses the newest live button with this title. */
  presses(title: string): Promise<void>
  /** Presses the first button that ever had this title, as an old page still shows it. */
  pressesOld(title: string): Promise<void>
  pressesAgain(): Promise<void>
  attaches(...files: readonly ArrivingFile[]): Promise<void>
  sends(body: ActivityBody): Promise<void>
  /** What can be pressed now: the cards' buttons wherever they stand, the suggestions under the last message. */
  live(): Promise<Button[]>
  /** What the assistant has said, and changed in place, since this was last asked: a block of lines each. */
  heard(): Promise<string[][]>
  transcript(): Promise<StoredActivity[]>
}

interface Opening {
  readonly ppr: string
  readonly language: Language
  readonly channel?: Channel
}

/** The member opens the chat for the first time, and is greeted. */
export async function openChat(office: Office, { ppr, language, channel = 'webchat' }: Opening): Promise<Chat> {
  const { conversations, members } = office.services
  const member = await members.findByPpr(ppr)
  assert.ok(member)
  const id = office.newId()
  await conversations.create({ id, channel, memberId: member.id, language }, { type: 'conversationUpdate' })
  await settle(office, { id, memberId: member.id })
  return chatIn(office, { id, memberId: member.id, channel })
}

function chatIn(office: Office, { id, memberId, channel }: Pick<Chat, 'id' | 'memberId'> & { channel: Channel }): Chat {
  const { conversations } = office.services
  const shown: Button[] = []
  let pressed: unknown
  let heardUpTo = 0

  const transcript = () => conversations.latest(id, 1000)
  const said = async () => (await transcript()).filter(({ direction }) => direction === 'out').map(({ body }) => body)

  async function live(): Promise<Button[]> {
    const bodies = await said()
    return [...bodies.flatMap(cardButtonsOf), ...bodies.slice(-1).flatMap(chipsOf)]
  }

  /** Remembers every button before an edit takes it away. */
  async function look(): Promise<void> {
    shown.push(...(await said()).flatMap(body => [...cardButtonsOf(body), ...chipsOf(body)]))
  }

  async function sends(body: ActivityBody): Promise<void> {
    await look()
    const incoming = { clientId: office.newId(), body }
    const taken = (await takenAtOnce(incoming)) ?? (await conversations.takeIn(id, incoming))
    assert.equal(taken.taken, 'new')
    await settle(office, { id, memberId })
  }

  /** As each channel does it. */
  const takenAtOnce = async (incoming: Incoming) =>
    channel === 'webchat' && !incoming.body.attachments
      ? office.turns.takeAtOnce({ id, memberId }, incoming)
      : undefined

  async function press(button: Button | undefined, title: string): Promise<void> {
    assert.ok(button, `no button « ${title} »`)
    pressed = button.value
    await sends(fromPage({ value: pressed }))
  }

  return {
    id,
    memberId,
    transcript,
    live,
    sends,
    writes: text => sends(fromPage({ text })),
    presses: async title => press((await live()).findLast(entitled(title)), title),
    async pressesOld(title) {
      await look()
      await press(shown.find(entitled(title)), title)
    },
    pressesAgain: () => sends(fromPage({ value: pressed })),
    attaches: async (...files) => sends(await arrive(office.services, memberId, files)),
    async heard() {
      await look()
      const news = await conversations.since(id, heardUpTo, 1000)
      heardUpTo = news.at(-1)?.seq ?? heardUpTo
      return news.filter(({ direction }) => direction === 'out').map(blockOf)
    },
  }
}

/** As the channel takes it in: a RIB that somebody types is hidden, and nothing forged gets through. */
export function fromPage(activity: { text?: string; value?: unknown }): ActivityBody {
  const inbound = readInbound({ type: 'message', ...activity })
  assert.ok(inbound.ok && inbound.said)
  return inbound.said.body
}

/** Direction marks and no-break spaces are for the eye: a transcript reads without them. */
const plain = (line: string) => line.replaceAll(/[\u2066-\u2069]/g, '').replaceAll(/[\u00a0\u202f]/g, ' ')

const entitled = (wanted: string) => (button: Button) => [button.title, button.name].map(plain).includes(wanted)

/** A message in full; of a card that changed in place only what it was about and what it says now. */
function blockOf({ position, seq, body }: StoredActivity): string[] {
  const lines = linesOf(body).map(plain)
  if (position !== seq) return [`edit: ${[...new Set([lines[0], lines.at(-1)])].join(' → ')}`]
  const step = stepOf(body)
  const [first = '', ...rest] = lines
  return [`bot${step ? ` ${step}` : ''}: ${first}`, ...rest.map(line => `     ${line}`)]
}

/** Waits until nothing is due in the conversation. */
async function settle(
  { services, eventBus, turns }: Office,
  { id, memberId }: { id: string; memberId: string },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const check = async () => {
    if ((await services.conversations.due(id)).length === 0) resolve()
  }
  const end = eventBus.subscribe(transcriptTopic(id), () => void check().catch(reject))
  turns.wake(id, memberId)
  await check()
  await promise
  end()
}
