/** Spares a service that is away, or that asked to be left alone, and those who would wait for it. */
export interface Circuit {
  /** Why nobody may call now; undefined: call, and report. */
  refusal(): 'throttled' | 'unavailable' | undefined
  succeeded(): void
  failed(): void
  /** The service asked for so much rest. */
  holdFor(milliseconds: number): void
}

interface Options {
  readonly now: () => Date
  /** Failures in a row after which it opens. */
  readonly failures?: number
  /** Milliseconds that it stays open; one call then tries, and decides for all. */
  readonly openMs?: number
}

export function createCircuit({ now, failures = 3, openMs = 15_000 }: Options): Circuit {
  let inARow = 0
  let openUntil = 0
  let heldUntil = 0

  return {
    refusal() {
      const at = now().getTime()
      if (at < heldUntil) return 'throttled'
      if (inARow < failures) return undefined
      if (at < openUntil) return 'unavailable'
      // This caller tries; the others wait for what it finds.
      openUntil = at + openMs
      return undefined
    },
    succeeded() {
      inARow = 0
    },
    failed() {
      inARow++
      openUntil = now().getTime() + openMs
    },
    holdFor(milliseconds) {
      heldUntil = Math.max(heldUntil, now().getTime() + milliseconds)
    },
  }
}
