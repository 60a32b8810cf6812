import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Worker, parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { pagedPdf } from '../../tests/support/pdfs.ts'
import type { Identity } from '../identity.ts'
import type { Door } from './direct-line-seat.ts'

/*
 * A thread of its own: whoever measures others' times must not be held up by twenty megabytes that it sends itself. The
 * module is both sides of it.
 */
const MIB = 1024 * 1024
/** Bytes a millisecond: 100 Mbit/s, more than an office's line brings up. */
const LINE = 12_500

/** One page with a picture of noise, as a scan is: 20 MiB with what goes around it. */
const scan = () => pagedPdf(1, { more: [{ dictionary: '/Subtype /Image', stream: randomBytes(20 * MIB - 4096) }] })
/** Refused by the number of its pages, once they are counted; another one is asked for. */
const manyPages = () => pagedPdf(6000)

type Kind = 'scan' | 'many pages'

export interface FileSender {
  /** A member of the bench goes up to the question for the file. */
  prepare(identity: Identity): Promise<void>
  /** Sends it, and waits for what is said to it. */
  send(): Promise<void>
  close(): Promise<unknown>
}

export function openFileSender(door: Pick<Door, 'port' | 'secret'>, kind: Kind): FileSender {
  const worker = new Worker(new URL(import.meta.url), { workerData: { door, kind } })
  const ask = async (what: Identity | 'send') => {
    worker.postMessage(what, [])
    await once(worker, 'message')
  }
  return { prepare: ask, send: () => ask('send'), close: () => worker.terminate() }
}

async function serve(port: MessagePort, { door, kind }: { door: Door; kind: Kind }): Promise<void> {
  const { openSeat } = await import('./direct-line-seat.ts')
  const file = kind === 'scan' ? scan() : manyPages()
  let seat: Awaited<ReturnType<typeof openSeat>> | undefined
  const heard = async (what: Identity | 'send'): Promise<void> => {
    if (what === 'send') {
      await (kind === 'scan' ? seat?.say('document') : seat?.expect('document', ['"step":"document"']))
      seat?.close()
    } else {
      seat = await openSeat({ ...door, file, bytesPerMs: LINE }, what)
      for (const step of ['hello', 'consent', 'rib', 'beneficiary', 'motif'] as const) await seat.say(step)
    }
    port.postMessage('done', [])
  }
  port.on('message', what => void heard(what))
}

if (parentPort) await serve(parentPort, workerData)
