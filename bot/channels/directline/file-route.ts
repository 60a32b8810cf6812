import { Readable } from 'node:stream'
import type { Liveness } from '../../../services/accounts/liveness.ts'
import type { RateLimiter } from '../../../services/storage/rate-limiter.ts'
import { refusal, tooOften } from './answer.ts'
import { attachmentDisposition } from './file-name.ts'
import type { Handler } from './exchange.ts'
import { fileLimit } from './limits.ts'
import type { Links } from './links.ts'

/** What this channel needs of the document store to give a member their own file back. */
export interface KeptDocuments {
  find(
    id: string,
  ): Promise<
    { readonly memberId: string; readonly name: string; readonly size: number; readonly state: string } | undefined
  >
  read(id: string): AsyncIterable<Uint8Array>
}

export interface FileRouteParts {
  readonly rateLimiter: RateLimiter
  readonly documents: KeptDocuments
  readonly links: Pick<Links, 'readFileLink'>
  readonly liveness: Pick<Liveness, 'isLive'>
}

/**
 * `GET|HEAD /files?t=`: a file behind a link that was made for its owner, as a download and never as a page. The link ends
 * with the session that it was made for.
 */
export function downloadFile({ documents, links, liveness, rateLimiter }: FileRouteParts): Handler {
  return async ({ request, query }) => {
    const link = await links.readFileLink(query.get('t') ?? '')
    const wait = link ? await rateLimiter.take(fileLimit, link.principal.memberId) : 0
    if (wait > 0) return tooOften(wait)
    if (!link || !(await liveness.isLive(link.principal))) return refusal('notFound')
    const document = await documents.find(link.documentId)
    if (!document || document.memberId !== link.principal.memberId || document.state === 'receiving')
      return refusal('notFound')
    const headers = {
      'content-type': 'application/octet-stream',
      'content-length': String(document.size),
      'content-disposition': attachmentDisposition(document.name),
    }
    const body = request.method === 'HEAD' ? {} : { body: Readable.from(documents.read(link.documentId)) }
    return { status: 200, headers, ...body }
  }
}
