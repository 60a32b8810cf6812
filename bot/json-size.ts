export interface JsonSize {
  /** How deep brackets nest. */
  readonly depth: number
  /** Keys and values, counted by what separates them. */
  readonly parts: number
}

const [quote, backslash, braceOpen, braceClose, bracketOpen, bracketClose, comma, colon] = Buffer.from('"\\{}[],:')

/** What a parser would have to build, counted in the bytes, before anything is built. */
export function measureJson(bytes: Uint8Array): JsonSize {
  let depth = 0
  let deepest = 0
  let parts = 1
  let inString = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (inString) {
      if (byte === backslash) at++
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === comma || byte === colon) parts++
    else if (byte === braceOpen || byte === bracketOpen) {
      deepest = Math.max(deepest, ++depth)
      parts++
    } else if (byte === braceClose || byte === bracketClose) depth--
  }
  return { depth: deepest, parts }
}

/** How much one value may hold: UTF-16 units of all texts and keys, and how many of them, numbers included. */
export interface ValueLimits {
  readonly units: number
  readonly parts: number
}

/** Whether a parsed value stays within limits. Looks at no more of it than they allow. */
export function isWithin(value: unknown, limits: ValueLimits): boolean {
  let { units, parts } = limits

  function take(length: number): boolean {
    units -= length
    parts--
    return units >= 0 && parts >= 0
  }

  function holds(one: unknown): boolean {
    if (typeof one === 'string') return take(one.length)
    if (typeof one !== 'object' || one === null) return take(0)
    if (!take(0)) return false
    if (Array.isArray(one)) return one.every(holds)
    // Not by its entries, which would all be built before the first is looked at.
    for (const key in one) if (!take(key.length) || !holds(Reflect.get(one, key))) return false
    return true
  }

  return holds(value)
}
