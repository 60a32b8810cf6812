import { z } from 'zod'
import type { GraphAnswer, GraphRefusal } from '../../directory/graph-answer.ts'
import type { Graph } from '../../directory/graph-client.ts'
import { driveItem, type DriveItem } from './drive-item.ts'
import { fileRanges } from './file-ranges.ts'
import { nextByte, type UploadHost } from './upload-host.ts'

/** `lapsed`: the session is gone, because it expired or because it was completed by a range whose answer was lost. */
export type UploadResult =
  { readonly ok: true; readonly item: DriveItem } | { readonly ok: false; readonly lapsed: true } | GraphRefusal

interface Upload {
  readonly url: string
  /** Bytes of the whole file. */
  readonly size: number
  /** The file from its start, each time it is called. */
  readonly read: () => AsyncIterable<Uint8Array>
}

/** Times in a row that the host is asked how far it is without having come further. */
const STALLS = 3

const created = z.object({ uploadUrl: z.url() })

export async function createUploadSession(
  graph: Graph,
  path: string,
): Promise<{ ok: true; url: string } | GraphRefusal> {
  const body = { item: { '@microsoft.graph.conflictBehavior': 'replace' } }
  const answer = await graph({ method: 'post', path: `${path}:/createUploadSession`, body })
  if (!answer.ok) return answer
  const session = created.safeParse(answer.body)
  if (session.success) return { ok: true, url: session.data.uploadUrl }
  return { ok: false, reason: 'unavailable', code: 'session-unreadable' }
}

/** Sends what the host lacks, from where it is. It is asked at the beginning too: an earlier try may have come half way. */
export async function uploadBySession(host: UploadHost, upload: Upload): Promise<UploadResult> {
  let last: GraphAnswer = { ok: false, reason: 'unavailable', code: 'stalled' }
  let reached = -1
  for (let stalls = 0; stalls < STALLS;) {
    const progress = await host.progress(upload.url)
    if (!progress.ok) return lapsedOr(progress)
    const from = nextByte(progress.body)
    if (from === undefined) return { ok: false, reason: 'unavailable', code: 'progress-unreadable' }
    stalls = from > reached ? 0 : stalls + 1
    reached = Math.max(reached, from)
    last = await sendFrom(host, upload, from)
    if (last.ok) return itemOf(last)
    if (!isWorthAsking(last)) return lapsedOr(last)
  }
  return last.ok ? itemOf(last) : last
}

/** Range after range, as long as the host takes each one whole. @returns the last answer */
async function sendFrom(host: UploadHost, { url, size, read }: Upload, from: number): Promise<GraphAnswer> {
  let expected = from
  for await (const range of fileRanges(read(), from)) {
    const answer = await host.put(url, range, size)
    if (!answer.ok || answer.status !== 202) return answer
    expected = nextByte(answer.body) ?? -1
    // It kept only a part: the file is read again from there.
    if (expected !== range.start + range.bytes.length) break
  }
  return { ok: false, reason: 'unavailable', code: `behind-at-${expected}` }
}

/** The connection broke, or the host is elsewhere in the file: it says where it is. Not when it asked for rest. */
function isWorthAsking({ reason, status }: GraphRefusal): boolean {
  return status === 416 || (reason === 'unavailable' && status === undefined)
}

function lapsedOr(refusal: GraphRefusal): UploadResult {
  return refusal.reason === 'notFound' ? { ok: false, lapsed: true } : refusal
}

function itemOf({ body }: { readonly body: unknown }): UploadResult {
  const item = driveItem.safeParse(body)
  return item.success ? { ok: true, item: item.data } : { ok: false, reason: 'unavailable', code: 'item-unreadable' }
}
