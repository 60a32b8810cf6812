/** The first bytes of a stream, and the whole stream, those bytes included. */
export interface HeadedStream {
  readonly head: Uint8Array
  readonly bytes: AsyncIterable<Uint8Array>
  /** For whoever does not read `bytes` to their end. */
  readonly end: () => Promise<void>
}

/** Reads until it has `length` bytes or all there are. */
export async function headOf(source: AsyncIterable<Uint8Array>, length: number): Promise<HeadedStream> {
  const iterator = source[Symbol.asyncIterator]()
  const pieces: Uint8Array[] = []
  let size = 0
  while (size < length) {
    const next = await iterator.next()
    if (next.done) break
    pieces.push(next.value)
    size += next.value.length
  }
  async function* all() {
    yield* pieces
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  }
  return { head: Buffer.concat(pieces), bytes: all(), end: async () => void (await iterator.return?.()) }
}
