import { constants, createReadStream } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { MAX_DOCUMENT_BYTES } from './limits.ts'
import type { PdfCheck, PdfVerdict } from './pdf-check/pdf-check.ts'

/** One file of a list, judged as an upload is. */
export interface CheckedPath {
  /** The path as the list has it. */
  readonly file: string
  readonly verdict: 'accept' | 'reject'
  /**
   * Null: accepted. Else the reason of a verdict, `tooLarge`, `unreadable` for a path that leads to no file, or `failed` where
   * the check itself broke.
   */
  readonly code: string | null
  /** Null where nobody counted them. */
  readonly pages: number | null
  readonly milliseconds: number
}

interface Deps {
  readonly pdfCheck: Pick<PdfCheck, 'check'>
  /** Where relative paths begin. */
  readonly directory: string
}

/** As many as the check takes in hand at once. */
const AT_ONCE = 2

/**
 * Judges the files of a list, a few at a time, and tells of each in the order of the list, as soon as it can: the rest of the
 * list may still be on its way. Empty lines are passed over.
 */
export async function* checkPaths(paths: AsyncIterable<string>, deps: Deps): AsyncGenerator<CheckedPath> {
  const lines = paths[Symbol.asyncIterator]()
  const inHand: Promise<CheckedPath>[] = []
  let reading = lines.next()
  let isWholeList = false
  while (!isWholeList || inHand.length > 0) {
    const [first] = inHand
    const mayRead = !isWholeList && inHand.length < AT_ONCE
    const came = await Promise.race([...(mayRead ? [reading] : []), ...(first ? [first] : [])])
    if ('file' in came) {
      void inHand.shift()
      yield came
    } else if (came.done) {
      isWholeList = true
    } else {
      if (came.value !== '') inHand.push(checkPath(came.value, deps))
      reading = lines.next()
    }
  }
}

async function checkPath(file: string, { pdfCheck, directory }: Deps): Promise<CheckedPath> {
  const begun = performance.now()
  const verdict = await verdictOn(resolve(directory, file), pdfCheck)
  const milliseconds = Math.round(performance.now() - begun)
  if (typeof verdict === 'string') return { file, verdict: 'reject', code: verdict, pages: null, milliseconds }
  const pages = 'pages' in verdict ? (verdict.pages ?? null) : null
  return {
    file,
    verdict: verdict.ok ? 'accept' : 'reject',
    code: verdict.ok ? null : verdict.reason,
    pages,
    milliseconds,
  }
}

async function verdictOn(
  path: string,
  pdfCheck: Deps['pdfCheck'],
): Promise<PdfVerdict | 'tooLarge' | 'unreadable' | 'failed'> {
  try {
    const size = await sizeOf(path)
    if (size === undefined) return 'unreadable'
    return size > MAX_DOCUMENT_BYTES ? 'tooLarge' : await pdfCheck.check(bytesOf(path))
  } catch {
    return 'failed'
  }
}

/** @returns undefined for what cannot be read, and for a pipe or a device, which may never end */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    await access(path, constants.R_OK)
    const found = await stat(path)
    return found.isFile() ? found.size : undefined
  } catch {
    return undefined
  }
}

/** Opened anew for each reader: a check whose process was killed reads a file a second time. */
const bytesOf = (path: string): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => createReadStream(path)[Symbol.asyncIterator](),
})
