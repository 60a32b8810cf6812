import { randomUUID } from 'node:crypto'
import type { Call, Reply } from '../http/loopback-server.ts'
import { refusal } from './refusals.ts'

/** Pictures pasted into messages. */
export interface PastedImages {
  /** @returns its address, which the bot's token opens */
  keep(bytes: Uint8Array, contentType: string): string
  readonly serve: (call: Call) => Reply
}

export function createPastedImages(serviceUrl: () => string): PastedImages {
  const images = new Map<string, { readonly bytes: Uint8Array; readonly contentType: string }>()
  return {
    keep(bytes, contentType) {
      const id = `0-${randomUUID()}`
      images.set(id, { bytes, contentType })
      return `${serviceUrl()}v3/attachments/${id}/views/original`
    },
    serve({ params }) {
      const image = images.get(params['attachment'] ?? '')
      if (!image) return refusal(404, 'AttachmentNotFound', 'Attachment not found.')
      return { status: 200, bytes: image.bytes, headers: { 'Content-Type': image.contentType } }
    },
  }
}
