import { readFile } from 'node:fs/promises'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import type { ServerResponse } from 'node:http'
import type { DemoPerson } from '../demo-people.ts'
import {
  type Call,
  type LoopbackServer,
  type Reply,
  type Routes,
  startLoopbackServer,
} from '../http/loopback-server.ts'
import type { Emulator } from '../start-emulator.ts'
import { pageActions } from './page-actions.ts'
import { viewOf } from './view.ts'

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headers = (type: string): Record<string, string> => ({
  'Content-Type': type,
  'Content-Security-Policy': policy,
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
})

const here = (name: string): URL => new URL(name, import.meta.url)
const script = 'text/javascript; charset=utf-8'

async function file(path: URL | string, type: string): Promise<Reply> {
  return { status: 200, headers: headers(type), bytes: await readFile(path) }
}

/** The browser takes no types: they are taken out on the way, as Node does for itself. */
async function module({ params }: Call): Promise<Reply> {
  const name = params['name'] ?? ''
  if (!/^[a-z-]+$/.test(name)) return { status: 404 }
  const source = await readFile(here(`browser/${name}.ts`), 'utf8').catch(() => undefined)
  if (source === undefined) return { status: 404 }
  return { status: 200, headers: headers(script), bytes: Buffer.from(stripTypeScriptTypes(source)) }
}

/** How often the page hears of what is not in the chat, such as a refused call. */
const beatMs = 300

/** Tells the page whatever is new, as long as it listens. */
function stream(emulator: Emulator, person: DemoPerson, res: ServerResponse): Reply {
  const { connector } = emulator
  const chat = connector.chats.of(person)
  res.writeHead(200, { ...headers('text/event-stream'), 'X-Accel-Buffering': 'no' })
  let last = ''
  function tell(): void {
    const view = JSON.stringify(viewOf(emulator, chat, new Date()))
    if (view !== last) res.write(`data: ${view}\n\n`)
    last = view
  }
  const stop = connector.chats.onChange(changed => changed === chat && tell())
  const beat = setInterval(tell, beatMs)
  res.once('close', () => {
    stop()
    clearInterval(beat)
  })
  tell()
  return 'sent'
}

function pageRoutes(emulator: Emulator, people: readonly DemoPerson[]): Routes {
  const cards = createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js')
  return {
    'GET /': () => file(here('page.html'), 'text/html; charset=utf-8'),
    'GET /page.css': () => file(here('page.css'), 'text/css; charset=utf-8'),
    'GET /adaptivecards.js': () => file(cards, script),
    'GET /host-config.ts': async () => {
      const source = await readFile(here('host-config.ts'), 'utf8')
      return { status: 200, headers: headers(script), bytes: Buffer.from(stripTypeScriptTypes(source)) }
    },
    'GET /browser/:name.ts': module,
    'GET /api/people/:person/stream': ({ params, res }) => {
      const person = people.find(({ aadObjectId }) => aadObjectId === params['person'])
      return person ? stream(emulator, person, res) : { status: 404 }
    },
    ...pageActions(emulator, people),
  }
}

/** A name of another machine that resolves to this one must not reach it through a browser. */
function onlyLocal(routes: Routes): Routes {
  const guarded = Object.entries(routes).map(([name, handle]) => {
    const check = (call: Call): Reply | Promise<Reply> =>
      /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(call.req.headers.host ?? '') ? handle(call) : { status: 421 }
    return [name, check] as const
  })
  return Object.fromEntries(guarded)
}

/** A page that looks like a chat in Teams, for a developer to try the assistant in. */
export async function startPage(
  emulator: Emulator,
  people: readonly DemoPerson[],
  port?: number,
): Promise<LoopbackServer> {
  return await startLoopbackServer(onlyLocal(pageRoutes(emulator, people)), port)
}
