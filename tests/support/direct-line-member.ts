import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { activityBodySchema } from '../../services/conversations/activity.ts'
import { connectClient, until, type Client, type Seen } from '../channels/support/direct-line-client.ts'
import type { Exchanged } from '../channels/support/xml-http-request.ts'
import { cardButtonsOf, chipsOf, type Button } from './chat-lines.ts'

const tokenSchema = z.object({ token: z.string(), conversationId: z.string().optional() })
const questionSchema = z.looseObject({ moussaada: z.looseObject({ step: z.string().nullable() }) })

/** Signs in as the demo page does. @returns a token for Direct Line */
export async function signIn(url: string, ppr: string, password = 'demo'): Promise<z.infer<typeof tokenSchema>> {
  const post = (path: string, headers: Record<string, string>, body: object) =>
    fetch(url + path, {
      method: 'POST',
      headers: { origin: url, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const signedIn = await post('/signin', {}, { ppr, password })
  if (signedIn.status !== 204) throw new Error(`sign-in answered ${signedIn.status}`)
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
  return tokenSchema.parse(await (await post('/webchat/token', { cookie }, {})).json())
}

/** What became of something sent: stored under an id, refused with a status, or nobody knows. */
export type Outcome =
  | { readonly kind: 'ok'; readonly id: string }
  | { readonly kind: 'failed'; readonly status: number }
  | { readonly kind: 'unknown' }

/** The question that stands in the chat, or the menu when its step is null. */
export interface Standing {
  readonly step: string | null
  readonly buttons: readonly Button[]
}

export interface DirectLineMember {
  /** Sends an activity under a client id, which makes it the same activity however often it is sent. */
  send(clientId: string, activity: object): Promise<Outcome>
  /** Sends until it is stored. @returns what became of each try */
  sendSurely(clientId: string, activity: object): Promise<Outcome[]>
  /** Waits for the assistant's answer to what was sent under the id. */
  answered(clientId: string): Promise<void>
  standing(): Standing
  /** The bubbles as Web Chat shows them. */
  shown(): readonly Seen[]
  /** All that came, in order, of every connection. */
  received(): readonly Seen[]
  /** The codes that the page's sockets were closed with. */
  closes(): readonly number[]
  /** The page has its socket; the client comes back for one 3 s after it has lost the one before. */
  isConnected(): boolean
  /** Closes the page and opens it again where it was. */
  reload(): void
  close(): void
}

export interface MemberOptions {
  readonly url: string
  readonly ppr: string
  /** Milliseconds that an answer may take; more on a machine that does other things. */
  readonly patience?: number
  /** How the page gets its token, as `/webchat/token` answers. Default: the demo page's sign-in. */
  readonly enter?: (ppr: string) => Promise<unknown>
  /** A connection of its own for every request, so that a balancer sends each to another instance. */
  readonly scattered?: boolean
  /** Milliseconds that the page waits for an answer to a request. Default: 5 s. */
  readonly timeout?: number
  /** Hears of every request that has ended. */
  readonly onExchanged?: (exchanged: Exchanged) => void
}

/** A member in the chat, through Microsoft's own client. */
export async function openMember(options: MemberOptions): Promise<DirectLineMember> {
  const { url, ppr, patience = 60_000, scattered = false, timeout = 5_000, onExchanged } = options
  const { enter = name => signIn(url, name) } = options
  const { token, conversationId } = tokenSchema.parse(await enter(ppr))
  const earlier: Seen[] = []
  const page = { domain: `${url}/v3/directline`, origin: url, timeout, scattered, onExchanged }
  const open = () => connectClient({ ...page, token, ...(conversationId !== undefined && { conversationId }) })
  let client: Client = open()
  const received = () => [...earlier, ...client.received]
  const isGreeted = () => received().some(({ role }) => role === 'bot')
  const end = Date.now() + patience
  const isSettled = () => isGreeted() || client.isLost()
  for (;;) {
    await until(isSettled, 'the greeting', Math.max(0, end - Date.now())).catch((error: unknown) => {
      client.close()
      throw error
    })
    if (isGreeted()) break
    // As who loads a page again that says that it cannot connect.
    client.close()
    await new Promise(resolve => setTimeout(resolve, 1_000))
    client = open()
  }

  async function send(clientId: string, activity: object): Promise<Outcome> {
    // The client keeps to itself what it cannot send because it is still connecting.
    const late = new Promise<'retry'>(resolve => setTimeout(resolve, patience, 'retry').unref())
    const answer = await Promise.race([client.post({ ...activity, channelData: { clientActivityID: clientId } }), late])
    if (typeof answer === 'number') return { kind: 'failed', status: answer }
    return answer === 'retry' ? { kind: 'unknown' } : { kind: 'ok', id: answer }
  }

  return {
    send,
    async sendSurely(clientId, activity) {
      const outcomes: Outcome[] = []
      const end = Date.now() + patience
      while (Date.now() < end) {
        const outcome = await send(clientId, activity)
        outcomes.push(outcome)
        if (outcome.kind === 'ok') return outcomes
        await new Promise(resolve => setTimeout(resolve, 200))
      }
      throw new Error(`${ppr}: never stored in ${patience} ms: ${JSON.stringify(outcomes.at(-1))}`)
    },
    async answered(clientId) {
      await until(() => isAnswered(received(), clientId), `${ppr}: the answer to ${clientId}`, patience)
      await untilQuiet(received)
    },
    standing: () => standingIn(bubblesOf(received())),
    shown: () => bubblesOf(received()),
    received,
    closes: () => client.closes,
    isConnected: () => client.sockets.at(-1)?.readyState === WebSocket.OPEN,
    reload() {
      const { watermark, conversationId, token } = client.position()
      client.close()
      earlier.push(...client.received)
      client = connectClient({ ...page, token, conversationId, watermark })
    },
    close: () => client.close(),
  }
}

/** The client gives out a frame's activities one after the other: wait for the last of them. */
async function untilQuiet(received: () => readonly Seen[]): Promise<void> {
  for (let count = -1, looks = 0; count !== received().length; looks++) {
    if (looks === 600) throw new Error('the assistant does not stop talking')
    count = received().length
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

export const newClientId = (): string => randomUUID()

const placeOf = ({ channelData }: Seen) => Number(channelData['webchat:sequence-id'])

function bubblesOf(received: readonly Seen[]): Seen[] {
  const latest = new Map(received.map(activity => [activity.id, activity]))
  return [...latest.values()].toSorted((one, other) => placeOf(one) - placeOf(other))
}

function isAnswered(received: readonly Seen[], clientId: string): boolean {
  const echo = received.find(({ channelData }) => channelData['clientActivityID'] === clientId)
  return echo !== undefined && received.some(other => other.role === 'bot' && placeOf(other) > placeOf(echo))
}

function standingIn(shown: readonly Seen[]): Standing {
  for (const { role, channelData, all } of shown.toReversed()) {
    const asked = questionSchema.safeParse(channelData)
    if (role !== 'bot' || !asked.success) continue
    const body = activityBodySchema.parse(all)
    return { step: asked.data.moussaada.step, buttons: [...cardButtonsOf(body), ...chipsOf(body)] }
  }
  return { step: null, buttons: [] }
}
