import { fork } from 'node:child_process'
import { once } from 'node:events'
import { AppError } from '../../errors.ts'

const program = new URL('./first-base-main.ts', import.meta.url)

/**
 * Makes an empty database in `directory`, on the disk when this resolves.
 *
 * In a process of its own, where V8 may leave the database's code as it compiles it first. Making it better pays for a
 * database that runs for days, and costs half of the time of this one, which runs for seconds.
 * @throws {AppError} `database.unreachable` when it cannot be made
 */
export async function makeBase(directory: string): Promise<void> {
  const child = fork(program, [directory], {
    execArgv: ['--liftoff-only'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [code]: unknown[] = await once(child, 'exit')
  if (code === 0) return
  throw new AppError(
    'database.unreachable',
    `the first database could not be made: its process ended with ${String(code)}`,
  )
}
