/** A file as a connection brings it. */
export async function* pieces(plain: Uint8Array, pieceBytes = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < plain.length; at += pieceBytes) yield plain.subarray(at, at + pieceBytes)
}

export async function allOf(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const piece of bytes) all.push(piece)
  return Buffer.concat(all)
}
