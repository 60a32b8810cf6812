/*
 * `npm run teams:emulator`: Microsoft's part of a bot in Teams on this machine, and a page to chat in. See docs/teams.md.
 *
 *   --start     starts the assistant too, and stops with it
 *   --no-graph  leaves the directory out, so that people sign in by a link
 *   --bot URL   where the assistant is, if not at http://127.0.0.1:3978
 *   --port N    the first of five ports; 0 for any that are free
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { demoPeople } from '../emulator/demo-people.ts'
import { startPage } from '../emulator/page/page-server.ts'
import { startEmulator } from '../emulator/start-emulator.ts'

const { values } = parseArgs({
  options: {
    start: { type: 'boolean', default: false },
    graph: { type: 'boolean', default: true },
    bot: { type: 'string', default: 'http://127.0.0.1:3978' },
    port: { type: 'string', default: '3990' },
  },
  allowNegative: true,
})

const first = Number(values.port)
const port = (offset: number): number => (first === 0 ? 0 : first + offset)
const emulator = await startEmulator({
  ports: { identity: port(0), connector: port(1), files: port(2), graph: port(3) },
  botUrl: new URL('/api/messages', values.bot).href,
})
const page = await startPage(emulator, demoPeople, port(4))
const settings = Object.entries(emulator.settings).filter(
  ([name]) => values.graph || !/^(GRAPH|ARCHIVE|MAIL)_/.test(name),
)

function announce(): void {
  const lines = settings.map(([name, value]) => `  ${name}='${value}' \\`)
  const told = values.start ? [] : ['Start the assistant with:', '', ...lines, '  npm start', '']
  console.log([...told, `Teams emulator: ${page.url}`].join('\n'))
}

interface Assistant {
  readonly ended: Promise<unknown>
  isRunning(): boolean
  stop(): void
}

async function startAssistant(): Promise<Assistant> {
  const env = { ...process.env, PORT: new URL(values.bot).port, ...Object.fromEntries(settings) }
  await once(
    spawn('npm', ['run', '--silent', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' }),
    'exit',
  )
  const main = spawn(process.execPath, ['dist/main.mjs'], { env, stdio: 'inherit' })
  return {
    ended: once(main, 'exit'),
    isRunning: () => main.exitCode === null && main.signalCode === null,
    stop: () => void main.kill('SIGTERM'),
  }
}

/** Its first start makes a database, which takes a while. */
async function untilItListens({ isRunning }: Assistant): Promise<void> {
  const isUp = (): Promise<boolean> =>
    fetch(new URL('/health/live', values.bot)).then(
      answer => answer.ok,
      () => false,
    )
  while (isRunning() && !(await isUp())) await sleep(300)
}

const assistant = values.start ? await startAssistant() : undefined

async function stop(): Promise<void> {
  assistant?.stop()
  await assistant?.ended
  await Promise.all([page.close(), emulator.close()])
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())
if (assistant) await untilItListens(assistant)
if (assistant?.isRunning() ?? true) announce()
await assistant?.ended
if (assistant) await stop()
