/** Numbers that look random and are the same for the same seed, so that a run can be repeated (mulberry32). */
export function createRandom(seed: number) {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    /** From 0 up to and without `end`. */
    below: (end: number) => Math.floor(next() * end),
    pick<T>(choices: readonly [T, ...T[]]): T {
      return choices[Math.floor(next() * choices.length)] ?? choices[0]
    },
    bytes: (count: number) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256)),
  }
}

export type Random = ReturnType<typeof createRandom>
