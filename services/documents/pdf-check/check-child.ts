import { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { giveWay, spawnCheckProcess } from './check-process.ts'
import { childVerdict, type ChildVerdict } from './verdict.ts'
import { watchMemory } from './watch-memory.ts'

export interface CheckLimits {
  /** From the moment that the child has the whole file. */
  readonly milliseconds: number
  readonly memoryMiB: number
}

/**
 * What a process that is gone leaves open. `notStarted`: nothing of the file was read. `notArrived`: it was not read in time. `killed`: by somebody else, as a
 * system that is out of memory does; it passed none of its limits.
 */
export type NoVerdict = 'notStarted' | 'notArrived' | 'killed'

/** A process that judges one file and is gone. */
export interface CheckChild {
  readonly pid: number
  /**
   * A file that makes the process pass a limit or fall is `tooComplex`.
   * @throws what `bytes` throws
   */
  judge(bytes: AsyncIterable<Uint8Array>, limits: CheckLimits): Promise<ChildVerdict | NoVerdict>
  /** Resolves once the process is gone, for whatever reason. */
  readonly gone: Promise<void>
  end(): Promise<void>
}

const START_MS = 30_000
const ARRIVAL_MS = 60_000
const OUTPUT_BYTES = 64 * 1024

/** Starts a process at once: it loads its libraries and then waits for a file, for as long as this process lives. */
export function startCheckChild(): CheckChild {
  const child = spawnCheckProcess()
  const { stdin, stdout } = child
  const lines = boundedLines(stdout)
  const gone = new Promise<void>(resolve => {
    child.once('close', () => resolve())
    child.once('error', () => resolve()) // it did not even start
  })
  // Whoever dies takes the pipe along; that is told by `gone` and by the end of `lines`.
  stdin.on('error', () => undefined)
  let isOurs = false
  const kill = (): void => {
    isOurs = true
    child.kill('SIGKILL')
  }
  holdOpen(false)

  async function judge(bytes: AsyncIterable<Uint8Array>, limits: CheckLimits): Promise<ChildVerdict | NoVerdict> {
    holdOpen(true)
    let endWatch = () => {}
    try {
      const greeting = await orKill(START_MS, lines.next())
      // Killed for being late and ready all the same, where this process stood still itself.
      if (greeting.value !== 'ready' || isOurs) return 'notStarted'
      if (child.pid !== undefined) giveWay(child.pid)
      endWatch = watchMemory(child.pid ?? 0, limits.memoryMiB, kill)
      if (!(await feed(stdin, bytes))) return 'notArrived'
      const answer = await orKill(limits.milliseconds, lines.next())
      return answer.value === undefined ? await openEnd() : readVerdict(answer.value)
    } finally {
      endWatch()
      await end()
    }
  }

  /** Its processor time ends with SIGXCPU, its memory with an abort or by us: SIGKILL is another's. */
  async function openEnd(): Promise<ChildVerdict | NoVerdict> {
    const passedLimit = isOurs
    // One that has only closed its output is still there.
    await end()
    return child.signalCode === 'SIGKILL' && !passedLimit ? 'killed' : { ok: false, reason: 'tooComplex' }
  }

  /** Killing ends the child's output, and so whatever waits for it. */
  async function orKill<T>(milliseconds: number, work: Promise<T>): Promise<T> {
    const timer = setTimeout(kill, milliseconds)
    return await work.finally(() => clearTimeout(timer))
  }

  /** A child that waits for a file must not keep this process from ending; one that reads a file must. */
  function holdOpen(held: boolean): void {
    for (const handle of [child, stdin, stdout])
      if (handle === child || handle instanceof Socket) handle[held ? 'ref' : 'unref']()
  }

  async function end(): Promise<void> {
    holdOpen(true)
    kill()
    await gone
  }

  return { pid: child.pid ?? 0, judge, gone, end }
}

/**
 * Sends a file at the pace of the child.
 * @returns false when the bytes stopped coming; a child that went meanwhile is not told here
 */
async function feed(stdin: Writable, bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const closed = new Promise<boolean>(resolve => stdin.once('close', () => resolve(true)))
  const stalled = new Promise<boolean>(resolve => (timer = setTimeout(resolve, ARRIVAL_MS, false)))
  return await Promise.race([send(stdin, bytes), closed, stalled]).finally(() => clearTimeout(timer))
}

async function send(stdin: Writable, bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
  for await (const piece of bytes) {
    if (stdin.destroyed) return true
    await new Promise<void>(resolve => stdin.write(piece, () => resolve()))
  }
  stdin.end()
  return true
}

async function* boundedLines(output: Readable): AsyncGenerator<string, undefined> {
  let text = ''
  let size = 0
  for await (const piece of output) {
    size += piece.length
    if (size > OUTPUT_BYTES) return
    text += piece.toString('utf8')
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
      yield text.slice(0, end)
      text = text.slice(end + 1)
    }
  }
}

const readVerdict = (line: string): ChildVerdict => childVerdict.parse(JSON.parse(line))
