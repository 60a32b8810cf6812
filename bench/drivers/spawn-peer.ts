import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface SpawnedPeer {
  readonly pid: number
  readonly port: number
  stop(): Promise<void>
}

/** Starts a server of the bench as a process of its own. */
export async function spawnPeer(file: string, settings: Readonly<Record<string, string>> = {}): Promise<SpawnedPeer> {
  const env = { PATH: process.env['PATH'], PORT: '0', ...settings }
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stdout).on('line', line => {
      const [, found] = /^listening (\d+)/.exec(line) ?? []
      if (found !== undefined) resolve(Number(found))
    })
    child.once('exit', code => reject(new Error(`${file} ended with ${code}`)))
  })
  return {
    pid: child.pid ?? 0,
    port,
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
