import type { IncomingMessage } from 'node:http'
import { cleanFileName } from './file-name.ts'
import { readActivityJson } from './json-body.ts'

export const TUS_VERSION = '1.0.0'

/** What a client says of a file before it comes, in `Upload-Metadata`. */
export interface FileMetadata {
  readonly name: string
  /** The activity that the file belongs to, parsed. */
  readonly activity: unknown
  /** SHA-256 of the first MiB. */
  readonly head?: Buffer
}

const wholeNumber = /^\d{1,10}$/

export function numberIn({ headers }: IncomingMessage, name: 'upload-length' | 'upload-offset'): number | undefined {
  const text = headers[name]
  return typeof text === 'string' && wholeNumber.test(text) ? Number(text) : undefined
}

export const isOurVersion = ({ headers }: IncomingMessage): boolean => headers['tus-resumable'] === TUS_VERSION

/** The method that is meant: a line that lets only GET and POST through carries the others as POST. */
export function methodOf({ method = '', headers }: IncomingMessage): string {
  const meant = headers['x-http-method-override']
  return method === 'POST' && typeof meant === 'string' ? meant.toUpperCase() : method
}

/** @returns undefined when it cannot be read */
export function readMetadata({ headers }: IncomingMessage): FileMetadata | undefined {
  const values = valuesIn(headers['upload-metadata'])
  const activity = values?.get('activity')
  const parsed = activity ? readActivityJson(activity) : { ok: true as const, value: { type: 'message' } }
  if (!values || !parsed.ok) return undefined
  const head = values.get('head')
  if (head && head.length !== 32) return undefined
  const name = cleanFileName(values.get('filename')?.toString('utf8'))
  return { name, activity: parsed.value, ...(head && { head }) }
}

/** `key base64, key base64`; Node bounds the length of all headers. */
function valuesIn(header: string | string[] | undefined): Map<string, Buffer> | undefined {
  const values = new Map<string, Buffer>()
  if (header === undefined) return values
  for (const pair of String(header).split(',')) {
    const [, key, base64 = ''] = /^\s*([\w-]+)(?: ([A-Za-z0-9+/]*={0,2}))?\s*$/.exec(pair) ?? []
    if (key === undefined || values.has(key)) return undefined
    values.set(key, Buffer.from(base64, 'base64'))
  }
  return values
}
