import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** One request, with what its route's `:names` stood for, decoded. */
export interface Call {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly url: URL
  readonly params: Readonly<Record<string, string>>
  /** The whole body. @returns undefined over `limit` bytes */
  bytes(limit: number): Promise<Buffer | undefined>
}

/** `sent`: the handler wrote to the response, or destroyed it, itself. */
export type Reply =
  | 'sent'
  | {
      readonly status: number
      readonly json?: unknown
      readonly bytes?: Uint8Array
      readonly headers?: Readonly<Record<string, string>>
    }

/** By method and path, as `POST /v3/conversations/:conversation/activities`. The first that fits is taken. */
export type Routes = Readonly<Record<string, (call: Call) => Reply | Promise<Reply>>>

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  close(): Promise<void>
}

interface Route {
  readonly method: string
  readonly pattern: RegExp
  readonly handle: Routes[string]
}

function compile(routes: Routes): Route[] {
  return Object.entries(routes).map(([name, handle]) => {
    const [method = '', path = ''] = name.split(' ')
    const pattern = path.replaceAll('.', String.raw`\.`).replaceAll(/:([a-zA-Z]+)/g, '(?<$1>[^/]+)')
    return { method, pattern: new RegExp(`^${pattern}$`), handle }
  })
}

async function readBody(req: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size <= limit) chunks.push(bytes)
  }
  return size > limit ? undefined : Buffer.concat(chunks)
}

function send(res: ServerResponse, reply: Exclude<Reply, 'sent'>): void {
  const { status, json, headers = {} } = reply
  const bytes = json === undefined ? (reply.bytes ?? Buffer.alloc(0)) : Buffer.from(JSON.stringify(json))
  const type = json === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }
  res.writeHead(status, { ...type, 'Content-Length': bytes.length, ...headers })
  res.end(bytes)
}

async function answer(routes: readonly Route[], req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://127.0.0.1')
  for (const { method, pattern, handle } of routes) {
    const match = req.method === method ? pattern.exec(url.pathname) : null
    if (!match || !handle) continue
    const params = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    )
    const reply = await handle({ req, res, url, params, bytes: limit => readBody(req, limit) })
    return reply === 'sent' ? undefined : send(res, reply)
  }
  send(res, { status: 404, json: { error: { code: 'NotFound', message: 'no such route' } } })
}

/** Serves on the loopback only. @param port 0 for any that is free */
export async function startLoopbackServer(routes: Routes, port = 0): Promise<LoopbackServer> {
  const compiled = compile(routes)
  const server = createServer((req, res) => {
    void answer(compiled, req, res).catch((error: unknown) => {
      // Told in full: whoever calls an emulator is the developer who has to know.
      if (res.headersSent) return res.destroy()
      return send(res, { status: 500, json: { error: { code: 'EmulatorFailed', message: String(error) } } })
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const taken = typeof address === 'object' && address ? address.port : port
  return {
    url: `http://127.0.0.1:${taken}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
