/** Bytes of a range; Graph wants multiples of 320 KiB. It is 20 of our sealed chunks, and what is held in memory at most. */
export const RANGE_BYTES = 5 * 1024 * 1024

export interface FileRange {
  /** Of its first byte. */
  readonly start: number
  readonly bytes: Buffer<ArrayBuffer>
}

/** The bytes from `from` on, in pieces of `rangeBytes` and a rest; one piece is held at a time. */
export async function* fileRanges(
  source: AsyncIterable<Uint8Array>,
  from = 0,
  rangeBytes = RANGE_BYTES,
): AsyncGenerator<FileRange> {
  let skip = from
  let start = from
  let filled = 0
  let range = Buffer.allocUnsafe(rangeBytes)
  for await (const piece of source) {
    let rest = piece.subarray(Math.min(skip, piece.length))
    skip -= piece.length - rest.length
    while (rest.length > 0) {
      const taken = rest.subarray(0, rangeBytes - filled)
      range.set(taken, filled)
      filled += taken.length
      rest = rest.subarray(taken.length)
      if (filled < rangeBytes) continue
      yield { start, bytes: range }
      start += filled
      filled = 0
      range = Buffer.allocUnsafe(rangeBytes)
    }
  }
  if (filled > 0) yield { start, bytes: range.subarray(0, filled) }
}
