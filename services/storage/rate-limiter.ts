/** `points` uses of one key in every `seconds`. */
export interface RateLimit {
  readonly name: string
  readonly points: number
  readonly seconds: number
}

export interface RateLimiter {
  /** Takes one use of `key` under `limit`. @returns milliseconds to wait, 0 when it is allowed */
  take(limit: RateLimit, key: string): Promise<number>
  close(): Promise<void>
}
