/*
 * `npm run teams:emulator`: Microsoft's part of a bot in Teams on this machine, and a page to chat in.
 * `-- --bot URL` names the assistant where it is not on its default port; `-- --no-graph` leaves the directory out, so that
 * people sign in by a link.
 */
import { parseArgs } from 'node:util'
import { demoPeople } from '../emulator/demo-people.ts'
import { startPage } from '../emulator/page/page-server.ts'
import { startEmulator } from '../emulator/start-emulator.ts'

const { values } = parseArgs({
  options: {
    bot: { type: 'string', default: 'http://127.0.0.1:3978/api/messages' },
    graph: { type: 'boolean', default: true },
  },
  allowNegative: true,
})

const ports = { identity: 3990, connector: 3991, files: 3992, graph: 3993 }
const pagePort = 3994

const emulator = await startEmulator({ ports, botUrl: values.bot })
const page = await startPage(emulator, demoPeople, pagePort)

const given = Object.entries(emulator.settings).filter(([name]) => values.graph || !name.startsWith('GRAPH_'))
const settings = given.map(([name, value]) => `  ${name}=${value} \\`)
console.log(
  ['Teams emulator. Start the assistant with:', '', ...settings, '  npm start', '', `Chat at ${page.url}`].join('\n'),
)

async function stop(): Promise<void> {
  await Promise.all([page.close(), emulator.close()])
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())
