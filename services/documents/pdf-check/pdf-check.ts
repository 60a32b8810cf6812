import { AppError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { startCheckChild, type CheckChild, type CheckLimits, type NoVerdict } from './check-child.ts'
import { fileTypeOf, HEAD_BYTES, isPdf, type FileType } from '../../file-type.ts'
import { headOf } from './head-of.ts'
import { createSlots, type Load } from './slots.ts'
import type { ChildVerdict } from './verdict.ts'
import { createWarmChild } from './warm-child.ts'

export type PdfVerdict =
  | ChildVerdict
  | { readonly ok: false; readonly reason: 'empty' | 'busy' | 'infected' | 'scanUnavailable' }
  | { readonly ok: false; readonly reason: 'notPdf'; readonly foundType?: FileType }

/** Says whether a file is a PDF that staff can open and that does nothing but show pages. */
export interface PdfCheck {
  /**
   * @param bytes are read again from the beginning when a process was killed in the middle
   * @throws {AppError} `invariant` when the check itself does not work; `server.stopping` when it was closed; what `bytes`
   *   throws
   */
  check(bytes: AsyncIterable<Uint8Array>): Promise<PdfVerdict>
  /** Gets ready for a file that is about to come: its check is then half a second shorter. */
  prepare(): void
  /** Files in hand: being checked, and waiting for it. */
  load(): Load
  /** Ends every process that it started. Files in hand are not judged. */
  close(): Promise<void>
}

interface Deps {
  readonly log: Log
  readonly limits?: CheckLimits
  /** How many files are checked at once, and how many more may wait; whoever comes then is told to try again. */
  readonly room?: Load
  /** After which a process that was started ahead goes again. */
  readonly idleMilliseconds?: number
  readonly start?: () => CheckChild
}

/** The processor's own limit comes first, unless others keep it busy. */
const DEFAULT_LIMITS: CheckLimits = { milliseconds: 20_000, memoryMiB: 400 }
const DEFAULT_ROOM = { working: 2, waiting: 20 }
const IDLE_MS = 120_000

export function createPdfCheck(deps: Deps): PdfCheck {
  const {
    log,
    limits = DEFAULT_LIMITS,
    room = DEFAULT_ROOM,
    idleMilliseconds = IDLE_MS,
    start = startCheckChild,
  } = deps
  const slots = createSlots(room)
  const warm = createWarmChild(start, idleMilliseconds)
  const working = new Set<CheckChild>()
  let isClosed = false

  async function check(source: AsyncIterable<Uint8Array>): Promise<PdfVerdict> {
    const { head, bytes, end } = await headOf(source, HEAD_BYTES)
    try {
      // Needs no process: a photo is told at once, however many files wait.
      if (head.length === 0) return { ok: false, reason: 'empty' }
      if (!isPdf(head)) return notPdf(fileTypeOf(head))
      if (isClosed) throw stopping()
      if (!(await slots.enter())) return { ok: false, reason: 'busy' }
      return await judge(bytes, source).finally(slots.leave)
    } finally {
      await end()
    }
  }

  /** A process that did not start, or was killed, says nothing of the file: another gets it before the member hears of it. */
  async function judge(bytes: AsyncIterable<Uint8Array>, source: AsyncIterable<Uint8Array>): Promise<PdfVerdict> {
    const first = await judgeBy(warm.take(), bytes)
    if (typeof first !== 'string') return first
    if (isClosed) throw stopping()
    log.warn('document.check-again', { reason: first })
    const second = await judgeBy(warm.take(), first === 'notStarted' ? bytes : source)
    if (typeof second === 'string' && isClosed) throw stopping()
    // That is this machine's doing, and says nothing of the file.
    if (second === 'notStarted' || second === 'notArrived') return { ok: false, reason: 'busy' }
    // Twice is the file's doing.
    return second === 'killed' ? { ok: false, reason: 'tooComplex' } : second
  }

  async function judgeBy(child: CheckChild, bytes: AsyncIterable<Uint8Array>): Promise<ChildVerdict | NoVerdict> {
    const started = performance.now()
    working.add(child)
    try {
      const verdict = await child.judge(bytes, limits)
      if (typeof verdict === 'string') return verdict
      const milliseconds = Math.round(performance.now() - started)
      log.info('document.checked', { verdict: verdict.ok ? 'ok' : verdict.reason, milliseconds })
      return verdict
    } finally {
      working.delete(child)
      // A member whose file was refused sends another soon.
      if (!isClosed) warm.prepare()
    }
  }

  return {
    check,
    prepare: warm.prepare,
    load: slots.load,
    async close() {
      isClosed = true
      slots.close(stopping())
      await Promise.all([warm.close(), ...[...working].map(child => child.end())])
    },
  }
}

const stopping = (): AppError => new AppError('server.stopping', 'the check of a file was let go')

function notPdf(foundType: FileType | undefined): PdfVerdict {
  return { ok: false, reason: 'notPdf', ...(foundType && { foundType }) }
}
