import { randomUUID } from 'node:crypto'
import { startLoopbackServer, type Call, type Reply, type Routes } from '../http/loopback-server.ts'
import { createDrive, type Drive } from './drive.ts'
import { actWith, createGraphFaults, graphError, type GraphFaults, type GraphOperation } from './faults.ts'
import { createMail, type Mail } from './mail.ts'
import { createPeople, type People } from './people.ts'
import { createUploadSessions, type UploadSessions } from './upload-sessions.ts'

export interface GraphOptions {
  /** Whether a bearer is one that Graph takes. */
  readonly verifyToken: (token: string) => Promise<boolean>
  /** The one library that the application may use. */
  readonly driveId?: string
  /** The mailboxes that it may write from. */
  readonly mailboxes?: readonly string[]
  /** Any free one unless given. */
  readonly port?: number
  readonly now?: () => Date
}

export interface EmulatedGraph {
  /** Of the server; `GRAPH_BASE_URL` is this and `/v1.0`. */
  readonly url: string
  readonly people: Pick<People, 'add'>
  readonly drive: Drive
  readonly sessions: Pick<UploadSessions, 'open' | 'expire'>
  readonly mail: Mail
  readonly faults: GraphFaults
  /** What was asked, in order. */
  readonly asked: GraphOperation[]
  /** What each call beyond an upload's was named by us, and by Graph in its answer. */
  readonly ids: { readonly client: string | undefined; readonly request: string }[]
  close(): Promise<void>
}

type Act = (call: Call, fault: ReturnType<GraphFaults['take']>) => Promise<Reply> | Reply

/** Microsoft Graph's users, one library and its mails, on the loopback. */
export async function startGraph(options: GraphOptions): Promise<EmulatedGraph> {
  const {
    verifyToken,
    driveId = 'b!emulator',
    mailboxes = ['assistant@fosmef.example'],
    now = () => new Date(),
  } = options
  const faults = createGraphFaults()
  const people = createPeople()
  const drive = createDrive(driveId)
  const sessions = createUploadSessions({ drive, now })
  const mail = createMail(mailboxes)
  const asked: GraphOperation[] = []
  const ids: EmulatedGraph['ids'] = []
  let url = ''

  function open(operation: GraphOperation, act: Act): Routes[string] {
    return async call => {
      asked.push(operation)
      const fault = faults.take(operation)
      return await actWith(fault, call, () => act(call, fault))
    }
  }

  function guarded(operation: GraphOperation, act: Act): Routes[string] {
    const behind = open(operation, act)
    return async call => {
      const client = call.req.headers['client-request-id']
      const request = randomUUID()
      ids.push({ client: typeof client === 'string' ? client : undefined, request })
      call.res.setHeader('request-id', request)
      const [scheme, token = ''] = (call.req.headers.authorization ?? '').split(' ')
      if (scheme === 'Bearer' && (await verifyToken(token))) return await behind(call)
      call.req.resume()
      return graphError(401, 'InvalidAuthenticationToken')
    }
  }

  const routes = { ...peopleRoutes(guarded, people), ...driveRoutes(guarded, drive), ...mailRoutes(guarded, mail) }
  const server = await startLoopbackServer(
    {
      ...routes,
      [`POST ${file}:/createUploadSession`]: guarded('session', call => sessions.create(call, url)),
      'PUT /upload/:session': open('range', sessions.range),
      'GET /upload/:session': open('progress', sessions.progress),
      'DELETE /upload/:session': open('progress', sessions.cancel),
    },
    options.port,
  )
  ;({ url } = server)
  return { url, people, drive, sessions, mail, faults, asked, ids, close: () => server.close() }
}

type Guarded = (operation: GraphOperation, act: Act) => Routes[string]

/** Addressed by its path, which may have folders. */
const file = '/v1.0/drives/:drive/root:/(?<path>[^:]+)'

function peopleRoutes(guarded: Guarded, people: People) {
  return {
    'GET /v1.0/users': guarded('person', people.list),
    'GET /v1.0/users/:user': guarded('person', people.one),
  }
}

function driveRoutes(guarded: Guarded, drive: Drive) {
  return {
    [`GET ${file}:?`]: guarded('item', drive.find),
    [`PUT ${file}:/content`]: guarded('content', drive.put),
    'PATCH /v1.0/drives/:drive/items/:item/listItem/fields': guarded('fields', drive.patch),
  }
}

function mailRoutes(guarded: Guarded, mail: Mail) {
  const box = '/v1.0/users/:user'
  return {
    [`GET ${box}/messages`]: guarded('find-message', mail.list),
    [`POST ${box}/messages`]: guarded('draft', mail.create),
    [`GET ${box}/messages/:message`]: guarded('find-message', mail.read),
    [`DELETE ${box}/messages/:message`]: guarded('draft', mail.remove),
    [`POST ${box}/messages/:message/send`]: guarded('send', mail.send),
    [`POST ${box}/sendMail`]: guarded('send', mail.sendMail),
  }
}
