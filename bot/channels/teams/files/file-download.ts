import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { MAX_DOCUMENT_BYTES } from '../../../../services/documents/limits.ts'
import type { FileAddress, FileHosts } from './file-hosts.ts'
import { mayConnect, pinnedLookup, type Resolve } from './pinned-lookup.ts'

/** `notAllowed`: it lies where files are not fetched from. `expired`: its link has lapsed. */
export type DownloadFailure = 'notAllowed' | 'expired' | 'tooLarge' | 'unreachable'

export type Download =
  | {
      readonly ok: true
      /** Rejects when the file breaks off, or nothing comes any more. */
      readonly bytes: AsyncIterable<Uint8Array>
      /** Whether what broke was the download, and not whoever reads it. */
      readonly isBroken: () => boolean
    }
  | { readonly ok: false; readonly reason: DownloadFailure; readonly code: string }

export type FileDownload = (address: string) => Promise<Download>

/** Milliseconds. `silence`: without a byte, `total`: for one file, redirects and all. */
export interface DownloadLimits {
  readonly silence: number
  readonly total: number
  readonly beforeRetry: number
}

export interface FileDownloadDeps {
  readonly hosts: FileHosts
  readonly resolve: Resolve
  readonly limits?: DownloadLimits
}

/** A slow store may take long, as long as it sends: 20 MB come within the half hour at 12 KB a second. */
const DEFAULT_LIMITS: DownloadLimits = { silence: 30_000, total: 1_800_000, beforeRetry: 500 }
const MOST_REDIRECTS = 3
const ATTEMPTS = 2
const lapsed = new Set([401, 403, 404, 410])
const busy = new Set([429, 500, 502, 503, 504])

const failed = (reason: DownloadFailure, code: string): Download => ({ ok: false, reason, code })

/**
 * Opens a file that somebody shares: a plain GET that says nothing of us, at addresses that are checked as they are
 * connected to. Whoever reads `bytes` counts them: what a header says of their number is only believed when it is too many.
 */
export function createFileDownload({ hosts, resolve, limits = DEFAULT_LIMITS }: FileDownloadDeps): FileDownload {
  async function attempt(address: string, signal: AbortSignal): Promise<Download> {
    let found = hosts(address)
    for (let redirects = 0; found && redirects <= MOST_REDIRECTS; redirects++) {
      const asked = await ask(found, { resolve, silence: limits.silence, signal })
      if (!('response' in asked)) return asked
      const { response } = asked
      const { location } = response.headers
      const isRedirect = (response.statusCode ?? 0) >= 300 && (response.statusCode ?? 0) < 400
      if (!isRedirect || location === undefined) return judge(response, limits.silence)
      response.destroy()
      found = hosts(location, found.url)
    }
    return failed('notAllowed', 'address')
  }

  return async address => {
    const signal = AbortSignal.timeout(limits.total)
    for (let tries = 1; ; tries++) {
      const download = await attempt(address, signal)
      const isOver = download.ok || download.reason !== 'unreachable' || tries === ATTEMPTS || signal.aborted
      if (isOver) return download
      await sleep(limits.beforeRetry)
    }
  }
}

interface Asking {
  readonly resolve: Resolve
  readonly silence: number
  readonly signal: AbortSignal
}

type Asked = { readonly response: IncomingMessage } | Extract<Download, { ok: false }>

/** One GET, to an address that was looked at. */
async function ask({ url, isLoopback }: FileAddress, { resolve, silence, signal }: Asking): Promise<Asked> {
  const addresses = await resolve(url.hostname.replaceAll(/[[\]]/g, '')).catch(() => [])
  if (addresses.length === 0) return refused('unreachable', 'name')
  if (!mayConnect(addresses, { isLoopback })) return refused('notAllowed', 'not-public')
  return await new Promise(done => {
    const options = optionsOf(pinnedLookup(addresses), signal)
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options)
    request.setTimeout(silence, () => request.destroy())
    request.on('response', response => done({ response }))
    request.on('error', () => done(refused('unreachable', 'connection')))
    request.end()
  })
}

const refused = (reason: DownloadFailure, code: string) => ({ ok: false, reason, code }) as const

/** No agent: a kept connection would go where an earlier name led. */
function optionsOf(lookup: LookupFunction, signal: AbortSignal): RequestOptions {
  const headers = { accept: '*/*', 'accept-encoding': 'identity' }
  return { agent: false, lookup, signal, headers, maxHeaderSize: 32 * 1024 }
}

function judge(response: IncomingMessage, silence: number): Download {
  const { statusCode = 0, headers } = response
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  const failure = failureOf(statusCode, encoding, Number(headers['content-length'] ?? 0))
  if (failure) {
    response.destroy()
    return failure
  }
  const state = { isBroken: false }
  return { ok: true, bytes: read(response, silence, state), isBroken: () => state.isBroken }
}

function failureOf(status: number, encoding: string, length: number): Download | undefined {
  if (lapsed.has(status)) return failed('expired', `status-${status}`)
  if (status !== 200) return failed(busy.has(status) ? 'unreachable' : 'expired', `status-${status}`)
  // Small on the wire says nothing of what it becomes.
  if (encoding !== 'identity') return failed('unreachable', 'encoded')
  return length > MAX_DOCUMENT_BYTES ? failed('tooLarge', 'declared') : undefined
}

/** Waits for each piece for so long; the time that its reader takes does not count. */
async function* read(
  response: IncomingMessage,
  silence: number,
  state: { isBroken: boolean },
): AsyncGenerator<Uint8Array> {
  response.socket.setTimeout(0)
  const pieces = response.iterator()
  try {
    for (;;) {
      const timer = setTimeout(() => response.destroy(new Error('silence')), silence)
      const next = await pieces.next().finally(() => clearTimeout(timer))
      if (next.done) break
      yield next.value
    }
    if (!response.complete) throw new Error('broken off')
  } catch (error) {
    state.isBroken = true
    throw error
  } finally {
    response.destroy()
  }
}
