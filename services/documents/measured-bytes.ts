import { createHash } from 'node:crypto'

export interface MeasuredBytes {
  /** The same bytes, without the piece that passes the limit. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** How many went through so far. */
  readonly size: number
  /** Of all that went through; asked once, at the end. */
  sha256(): Buffer
}

/** Counts a stream and hashes it as it passes; ends it, and so its source, once it is longer than `limit` bytes. */
export function measure(source: AsyncIterable<Uint8Array>, limit: number): MeasuredBytes {
  const hash = createHash('sha256')
  let size = 0
  async function* pass() {
    for await (const piece of source) {
      size += piece.length
      if (size > limit) return
      hash.update(piece)
      yield piece
    }
  }
  return {
    bytes: pass(),
    get size() {
      return size
    },
    sha256: () => hash.digest(),
  }
}
