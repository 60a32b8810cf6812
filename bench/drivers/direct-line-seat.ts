import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { plainPdf } from '../../tests/support/pdfs.ts'
import { openConnection, type HttpConnection } from '../http-connection.ts'
import { groupsOf, lastFour, type Identity } from '../identity.ts'
import { expectParts, type Seat, type Step } from '../peer.ts'

export interface Door {
  readonly port: number
  readonly secret: string
  /** What the member sends in place of a plain PDF. */
  readonly file?: Buffer | undefined
  /** Of a line that is not as fast as the loopback. */
  readonly bytesPerMs?: number | undefined
}

const tokenSchema = z.object({ token: z.string() })
const openedSchema = z.object({ conversationId: z.string(), token: z.string(), streamUrl: z.string() })
const postedSchema = z.object({ id: z.string() })
const frameSchema = z.object({
  activities: z.array(z.looseObject({ id: z.string(), from: z.looseObject({ role: z.string() }) })),
})
type Heard = z.infer<typeof frameSchema>['activities'][number]

const json = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' })
const base = '/v3/directline'
const fileOf = ({ ppr }: Identity) => `dossier-${ppr}.pdf`

export interface DirectLineSeat extends Seat {
  /** As `say`, where the reply is another one than the form's own. */
  expect(step: Step, parts: readonly string[]): Promise<void>
}

/** Opens a member's conversation: a token for them, a conversation, its socket, and the greeting. */
export async function openSeat({ port, secret, file, bytesPerMs }: Door, identity: Identity): Promise<DirectLineSeat> {
  const connection = await openConnection(port, bytesPerMs)
  const generated = await connection.ask(
    `POST ${base}/tokens/generate`,
    json(secret),
    JSON.stringify({ user: { id: `dl_${identity.ppr}` } }),
  )
  const { token } = tokenSchema.parse(JSON.parse(generated.body))
  const answer = await connection.ask(`POST ${base}/conversations`, json(token), JSON.stringify({ locale: 'fr-MA' }))
  const opened = openedSchema.parse(JSON.parse(answer.body))
  const ear = await openEar(opened.streamUrl.replace('localhost', '127.0.0.1'))
  await ear.heardAfter(1)
  const mouth = createMouth(connection, opened, { ...identity, file })
  const expect: DirectLineSeat['expect'] = async (step, parts) => {
    const position = await mouth.say(step, ear.last())
    const heard = await ear.heardAfter(position)
    expectParts(step, JSON.stringify(heard), parts)
  }
  return {
    expect,
    say: step => expect(step, expected(step, identity)),
    close() {
      connection.close()
      ear.close()
    },
  }
}

/** Without an answer for so long the run has failed, and must not stand still. */
const PATIENCE_MS = 60_000

const placeOf = (id: string) => Number(id.split('|')[1])

/** The member's socket: what the assistant said last. */
async function openEar(url: string) {
  const socket = new WebSocket(url, {
    origin: url.replace(/^ws/, 'http').replace('127.0.0.1', 'localhost').split('/v3')[0] ?? '',
  })
  let last: Heard | undefined
  let waiting: { after: number; resolve: (heard: Heard) => void } | undefined
  socket.addEventListener('message', ({ data }) => {
    if (typeof data !== 'string' || data === '') return
    const said = frameSchema.parse(JSON.parse(data)).activities.filter(({ from }) => from.role === 'bot')
    last = said.toSorted((one, other) => placeOf(one.id) - placeOf(other.id)).at(-1) ?? last
    if (waiting && last && placeOf(last.id) > waiting.after) {
      waiting.resolve(last)
      waiting = undefined
    }
  })
  await once(socket, 'open')
  return {
    last: () => last,
    heardAfter(after: number): Promise<Heard> {
      if (last && placeOf(last.id) > after) return Promise.resolve(last)
      const { promise, resolve, reject } = Promise.withResolvers<Heard>()
      const late = setTimeout(
        () => reject(new Error(`nothing was said after ${after} for ${PATIENCE_MS} ms`)),
        PATIENCE_MS,
      )
      waiting = { after, resolve }
      return promise.finally(() => clearTimeout(late))
    },
    close: () => socket.terminate(),
  }
}

function createMouth(
  connection: HttpConnection,
  opened: z.infer<typeof openedSchema>,
  identity: Identity & { readonly file: Buffer | undefined },
) {
  const conversation = `POST ${base}/conversations/${opened.conversationId}`
  const pdf = identity.file ?? plainPdf()

  const post = (activity: object) =>
    connection.ask(`${conversation}/activities`, json(opened.token), JSON.stringify({ type: 'message', ...activity }))

  const upload = () => {
    const boundary = randomUUID()
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${fileOf(identity)}"\r\ncontent-type: application/pdf\r\n\r\n`
    const body = Buffer.concat([Buffer.from(head), pdf, Buffer.from(`\r\n--${boundary}--\r\n`)])
    const headers = { ...json(opened.token), 'content-type': `multipart/form-data; boundary=${boundary}` }
    return connection.ask(`${conversation}/upload?userId=x`, headers, body)
  }

  return {
    /** @returns the place of what was said */
    async say(step: Step, last: Heard | undefined): Promise<number> {
      const channelData = { clientActivityID: randomUUID() }
      const answer = step === 'document' ? await upload() : await post({ channelData, ...said(step, last) })
      if (answer.status !== 200) throw new Error(`${step}: ${answer.status} ${answer.body}`)
      return placeOf(postedSchema.parse(JSON.parse(answer.body)).id)
    },
  }
}

const choices: Partial<Record<Step, string>> = {
  consent: 'accept',
  rib: 'confirm',
  beneficiary: 'member',
  motif: 'oncology',
  submit: 'submit',
}

function said(step: Step, last: Heard | undefined): object {
  if (step === 'hello') return { value: { v: 1, command: 'request' } }
  const card = JSON.stringify(last?.['attachments'])
  const button = new RegExp(`\\{"v":1[^{}]*"choice":"${choices[step]}"[^{}]*\\}`).exec(card)
  if (!button) throw new Error(`${step}: no button in ${card}`)
  return { value: JSON.parse(button[0]) }
}

function expected(step: Step, identity: Identity): string[] {
  const { name, rib } = identity
  const replies: Record<Step, string[]> = {
    hello: ['"step":"consent"', '09-08'],
    consent: ['"step":"rib"', ...groupsOf(rib)],
    rib: ['"step":"beneficiary"'],
    beneficiary: ['"step":"motif"'],
    motif: ['"step":"document"'],
    document: ['"step":"review"', name, lastFour(rib), fileOf(identity)],
    submit: ['"step":null', 'AES-2026-'],
  }
  return replies[step]
}
