import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import busboy from 'busboy'
import type { FileInfo } from 'busboy'
import type { RefusalCode } from './answer.ts'
import { cleanFileName } from './file-name.ts'
import { BODY_LIMIT, FILES_LIMIT, UPLOAD_LIMIT } from './limits.ts'

export interface UploadedFile<Kept> {
  readonly name: string
  readonly contentType: string
  /** Bytes that came, whether or not they were kept. */
  readonly size: number
  readonly kept?: Kept
}

export interface Form<Kept> {
  /** The JSON of the part `activity`; empty when there is none. */
  readonly activity: Buffer
  readonly files: readonly UploadedFile<Kept>[]
}

/** Takes a file's bytes as they come. Need not take all of them; rejects when they break off. */
export type Keep<Kept> = (name: string, bytes: AsyncIterable<Uint8Array>) => Promise<Kept>

/** `broken`: what was kept before must be given up. */
export type FormRead<Kept> =
  | { readonly ok: true; readonly form: Form<Kept> }
  | { readonly ok: false; readonly refused: RefusalCode; readonly kept: readonly Kept[] }

const PDF = 'application/pdf'
const ANY = 'application/octet-stream'

/** What a client says of a file's type decides how the chat shows it, so it may say one thing only. */
const shownType = (mimeType: string) => (mimeType.toLowerCase() === PDF ? PDF : ANY)

export const isMultipart = (contentType = ''): boolean => /^multipart\/form-data\s*;.*boundary=/i.test(contentType)

/**
 * Reads an upload in one pass: the first file goes to `keep`, further ones are only counted.
 * @throws {Error} what `keep` throws for a reason of its own
 */
export async function readForm<Kept>(request: IncomingMessage, keep: Keep<Kept>): Promise<FormRead<Kept>> {
  const parser = createParser(request)
  if (!parser) return { ok: false, refused: 'request.malformed', kept: [] }
  const activity: Buffer[] = []
  const files: Promise<UploadedFile<Kept>>[] = []

  parser.on('field', (name, value) => name === 'activity' && activity.push(Buffer.from(value)))
  parser.on('file', (name, stream, info) => {
    // Told by rejected reads below; an error event without a listener would end the process.
    stream.on('error', () => undefined)
    if (name === 'activity') collect(stream, activity)
    else files.push(receive(stream, info, files.length === 0 ? keep : undefined))
  })

  const refused = await feed(request, parser)
  const received = await Promise.allSettled(files)
  const settled = received.flatMap(file => (file.status === 'fulfilled' ? [file.value] : []))
  if (refused) return { ok: false, refused, kept: settled.flatMap(({ kept }) => kept ?? []) }
  const failure = received.find(file => file.status === 'rejected')
  if (failure) throw failure.reason
  return { ok: true, form: { activity: Buffer.concat(activity), files: settled } }
}

function createParser({ headers }: IncomingMessage): busboy.Busboy | undefined {
  const limits = { files: FILES_LIMIT, fields: 5, fieldSize: BODY_LIMIT, parts: 2 * FILES_LIMIT, headerPairs: 20 }
  try {
    return busboy({ headers, defParamCharset: 'utf8', limits })
  } catch {
    return undefined
  }
}

/** @returns why the form could not be read to its end */
function feed(request: IncomingMessage, parser: busboy.Busboy): Promise<RefusalCode | undefined> {
  return new Promise(resolve => {
    let size = 0
    const stop = (refused: RefusalCode) => {
      request.unpipe(parser)
      parser.destroy(new Error(refused))
      resolve(refused)
    }
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > UPLOAD_LIMIT) stop('request.tooLarge')
    })
    request.on('close', () => request.complete || stop('request.malformed'))
    parser.on('error', () => stop('request.malformed'))
    parser.on('close', () => resolve(undefined))
    request.pipe(parser)
  })
}

function collect(stream: Readable, into: Buffer[]): void {
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length
    // A longer one fails to parse, and that is all it deserves.
    if (size <= BODY_LIMIT) into.push(chunk)
  })
}

async function receive<Kept>(stream: Readable, info: FileInfo, keep?: Keep<Kept>): Promise<UploadedFile<Kept>> {
  let size = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      size += chunk.length
      yield chunk
    }
  }
  const name = cleanFileName(info.filename)
  const file = { name, contentType: shownType(info.mimeType) }
  if (keep === undefined) {
    for await (const _ of counted());
    return { ...file, size }
  }
  try {
    const kept = await keep(name, counted())
    if (!stream.readableEnded) for await (const _ of counted());
    return { ...file, size, kept }
  } finally {
    // Whatever happened, the rest must flow, or the form never ends.
    stream.resume()
  }
}
