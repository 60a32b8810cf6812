/** Bits. */
const WIDTH = 160
const SHIFT = 11

/**
 * The fingerprint that SharePoint keeps of each file, in base64: each byte goes in 11 bits further than the one before it,
 * round a ring of 160 bits, and the length over the last 64 of them.
 */
export function quickXorHash(pieces: Iterable<Uint8Array>): string {
  const hash = createQuickXorHash()
  for (const piece of pieces) hash.update(piece)
  return hash.digest()
}

export function createQuickXorHash() {
  const ring = Buffer.alloc(WIDTH / 8)
  let position = 0
  let length = 0

  function put(byte: number): void {
    const at = position >> 3
    const shifted = byte << (position & 7)
    ring[at] = (ring[at] ?? 0) ^ (shifted & 0xff)
    const next = (at + 1) % ring.length
    ring[next] = (ring[next] ?? 0) ^ (shifted >> 8)
    position = (position + SHIFT) % WIDTH
  }

  return {
    update(piece: Uint8Array): void {
      for (const byte of piece) put(byte)
      length += piece.length
    },
    digest(): string {
      const tail = Buffer.alloc(8)
      tail.writeBigUInt64LE(BigInt(length))
      const out = Buffer.from(ring)
      tail.forEach((byte, index) => (out[12 + index] = (out[12 + index] ?? 0) ^ byte))
      return out.toString('base64')
    },
  }
}
