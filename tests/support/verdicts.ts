import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { childVerdict, type ChildVerdict } from '../../services/documents/pdf-check/verdict.ts'

export interface Judge {
  /** Rejects when there is no verdict within the time that the check allows. */
  judge(bytes: Uint8Array): Promise<ChildVerdict>
  close(): Promise<unknown>
}

const LIMIT_MS = 10_000

/**
 * The part of the check that reads a file, kept loaded for one file after the other: a hundred times as fast as a process
 * for each, and in a thread, so that a file that never ends fails the test and does not hang it.
 */
export async function startJudge(): Promise<Judge> {
  const worker = new Worker(new URL('verdict-worker.ts', import.meta.url))
  await once(worker, 'message')
  return {
    async judge(bytes) {
      worker.postMessage(bytes, [])
      const [answer] = await once(worker, 'message', { signal: AbortSignal.timeout(LIMIT_MS) })
      return childVerdict.parse(answer)
    },
    close: () => worker.terminate(),
  }
}
