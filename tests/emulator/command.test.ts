import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, it } from 'node:test'

/** Starts the command, and ends it as Ctrl-C does once it has told its page. @returns what it told, and its exit code */
async function run(...flags: string[]): Promise<{ lines: string[]; page: number; code: unknown }> {
  const args = ['--disable-warning=ExperimentalWarning', 'scripts/teams-emulator.ts', '--port', '0', ...flags]
  const command = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(command, 'exit')
  const lines: string[] = []
  let page = 0
  for await (const line of createInterface(command.stdout)) {
    lines.push(line)
    const [, url] = /^Teams emulator: (\S+)$/.exec(line) ?? []
    if (url === undefined) continue
    page = (await fetch(url)).status
    command.kill('SIGINT')
  }
  const [code] = await ended
  return { lines, page, code }
}

describe('a developer who starts the emulator', () => {
  it('is told the settings and the page, and stops it with Ctrl-C', async () => {
    const { lines, page, code } = await run()
    const names = lines.map(line => line.trim().split('=')[0])
    for (const name of ['MicrosoftAppId', 'ToChannelFromBotLoginUrl', 'TEAMS_SERVICE_HOSTS', 'GRAPH_BASE_URL'])
      assert.ok(names.includes(name), name)
    assert.deepEqual([page, code], [200, 0])
  })
  it('may leave the directory out', async () => {
    const { lines } = await run('--no-graph')
    assert.ok(!lines.some(line => line.includes('GRAPH_')))
  })
})
