import { z } from 'zod'
import type { DemoPerson } from '../demo-people.ts'
import type { CallFault } from '../faults.ts'
import type { GraphFault } from '../graph/faults.ts'
import type { FileFault } from '../files/faulty-download.ts'
import type { Call, Reply, Routes } from '../http/loopback-server.ts'
import { forgedActivities } from '../connector/forged-activities.ts'
import { forgedTokens } from '../identity/forged-tokens.ts'
import type { Emulator } from '../start-emulator.ts'
import { createTeamsPerson, type TeamsPerson } from '../teams-person.ts'

/** Faults that the page offers, by the name on their button. */
const callFaults: Readonly<Record<string, CallFault>> = {
  '429, 3 s': { kind: 'status', status: 429, retryAfterSeconds: 3 },
  '412': { kind: 'status', status: 412 },
  '502': { kind: 'status', status: 502 },
  '504': { kind: 'status', status: 504 },
  '403': { kind: 'status', status: 403 },
  'slow, 20 s': { kind: 'slow', ms: 20_000 },
  '408 after acting': { kind: 'status', status: 408, acted: true },
  reset: { kind: 'reset' },
  'reset after acting': { kind: 'reset', acted: true },
}

const deliveryFaults = ['duplicate', 'redelivered', 'held'] as const

const graphFaults: Readonly<Record<string, GraphFault>> = {
  '429, 3 s': { kind: 'status', status: 429, retryAfterSeconds: 3 },
  '503': { kind: 'status', status: 503 },
  'slow, 20 s': { kind: 'slow', ms: 20_000 },
  '504 after acting': { kind: 'status', status: 504, acted: true },
  reset: { kind: 'reset' },
}

const megabyte = 1024 * 1024
const fileFaults: Readonly<Record<string, FileFault | undefined>> = {
  none: undefined,
  'lapsed link': { kind: 'status', status: 401 },
  unavailable: { kind: 'status', status: 503 },
  'web page instead': { kind: 'type', contentType: 'text/html' },
  '25 MB, no length': { kind: 'endless', size: 25 * megabyte },
  'slow drip': { kind: 'drip', everyMs: 1000 },
  breaks: { kind: 'breaks', after: 100 },
  'redirect elsewhere': { kind: 'redirect', location: 'https://files.attacker.example/a.pdf' },
  'redirect to a private address': { kind: 'redirect', location: 'http://169.254.169.254/latest/meta-data/' },
}

const actionSchema = z.discriminatedUnion('does', [
  z.object({ does: z.literal('says'), text: z.string() }),
  z.object({ does: z.literal('submits'), cardId: z.string(), value: z.unknown() }),
  z.object({ does: z.literal('reacts'), messageId: z.string() }),
  z.object({ does: z.enum(['installs', 'uninstalls', 'blocks', 'unblocks']) }),
  z.object({ does: z.literal('sendsAlone'), name: z.string() }),
  z.object({ does: z.literal('speaks'), locale: z.enum(['fr-FR', 'ar-SA']) }),
])

const faultSchema = z.union([
  z.object({ call: z.string() }),
  z.object({ graph: z.string() }),
  z.object({ delivery: z.enum(deliveryFaults) }),
  z.object({ clear: z.literal(true) }),
])

async function act(person: TeamsPerson, action: z.infer<typeof actionSchema>): Promise<void> {
  switch (action.does) {
    case 'says':
      return void (await person.says(action.text))
    case 'submits':
      return void (await person.submits(action.cardId, action.value))
    case 'reacts':
      return void (await person.reacts(action.messageId))
    case 'speaks':
      person.chat.locale = action.locale
      return
    case 'sendsAlone':
      return void (await person.sendsAlone(action.name))
    case 'installs':
    case 'uninstalls':
      return void (await person[action.does]())
    default:
      return person[action.does]()
  }
}

const largestJson = 1024 * 1024
const largestFile = 64 * megabyte

async function jsonOf(call: Call): Promise<unknown> {
  // Another site cannot have a browser send this type without asking first.
  if (call.req.headers['content-type'] !== 'application/json') return undefined
  return JSON.parse((await call.bytes(largestJson))?.toString('utf8') || 'null')
}

/** Sends everything forged to the bot. @returns what it took */
async function attack({ identity, connector }: Emulator, person: TeamsPerson): Promise<Record<string, unknown>> {
  const { serviceUrl, webhook } = connector
  const genuine = await identity.connectorToken(serviceUrl)
  const activity = connector.activityOf(person.chat, { type: 'typing' })
  const tokens = await forgedTokens({ identity, serviceUrl })
  const activities = forgedActivities(activity).map(forged => ({ ...forged, authorization: `Bearer ${genuine}` }))
  const tried = [...tokens.map(token => ({ ...token, activity })), ...activities]
  const accepted: string[] = []
  for (const { kind, authorization, activity: sent } of tried) {
    const { status } = await webhook.post(sent, authorization)
    if (typeof status === 'number' && status < 300) accepted.push(kind)
  }
  return { tried: tried.length, accepted }
}

/** @returns false for a fault that there is not */
function planFault({ connector, graph }: Emulator, asked: z.infer<typeof faultSchema>): boolean {
  if ('clear' in asked) {
    connector.faults.clear()
    graph.faults.clear()
  } else if ('delivery' in asked) connector.faults.onDelivery(asked.delivery)
  else if ('graph' in asked) {
    const fault = graphFaults[asked.graph]
    if (fault) graph.faults.plan(fault)
    return fault !== undefined
  } else {
    const fault = callFaults[asked.call]
    if (fault) connector.faults.onCall(fault)
    return fault !== undefined
  }
  return true
}

/** What the page asks for, for the person in its path. */
export function pageActions(emulator: Emulator, people: readonly DemoPerson[]): Routes {
  const known = new Map(people.map(person => [person.aadObjectId, createTeamsPerson(emulator, person)]))

  const asPerson =
    (handle: (person: TeamsPerson, call: Call) => Promise<Reply>) =>
    async (call: Call): Promise<Reply> => {
      const person = known.get(call.params['person'] ?? '')
      return person ? await handle(person, call) : { status: 404 }
    }

  return {
    'POST /api/people/:person/actions': asPerson(async (person, call) => {
      const action = actionSchema.safeParse(await jsonOf(call))
      if (!action.success) return { status: 400 }
      await act(person, action.data)
      return { status: 204 }
    }),
    'POST /api/people/:person/files': asPerson(async (person, call) => {
      const bytes = await call.bytes(largestFile)
      const fault = fileFaults[call.url.searchParams.get('fault') ?? 'none']
      if (!bytes || call.req.headers['content-type'] !== 'application/octet-stream') return { status: 400 }
      await person.sendsFile(bytes, call.url.searchParams.get('name') ?? 'document.pdf', fault ? { fault } : {})
      return { status: 204 }
    }),
    'POST /api/people/:person/attack': asPerson(async (person, call) => {
      await jsonOf(call)
      return { status: 200, json: await attack(emulator, person) }
    }),
    'POST /api/faults': async call => {
      const asked = faultSchema.safeParse(await jsonOf(call))
      return { status: asked.success && planFault(emulator, asked.data) ? 204 : 400 }
    },
    'GET /api/choices': () => ({
      status: 200,
      json: {
        people: people.map(({ aadObjectId, name, employeeId }) => ({ id: aadObjectId, name, employeeId })),
        callFaults: Object.keys(callFaults),
        deliveryFaults,
        unasked: [...known.values()][0]?.unaskedNames() ?? [],
        graphFaults: Object.keys(graphFaults),
        fileFaults: Object.keys(fileFaults),
      },
    }),
  }
}
