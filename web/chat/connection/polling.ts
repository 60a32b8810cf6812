import { readJson } from '../../request-within.ts'
import type { Answer } from '../../request-within.ts'

export type PollingOptions = {
  /** Reads what has come since the last watermark. */
  readonly read: () => Promise<Answer>
  /** Whether somebody looks at the chat. */
  readonly isWatched: () => boolean
  readonly frame: (text: string) => void
  /** A read went through. */
  readonly answered: () => void
  /** A read did not; polling has stopped. */
  readonly failed: (status: number) => void
}

export type Polling = {
  readonly start: () => void
  readonly stop: () => void
  /** Reads without waiting: there is probably something. */
  readonly now: () => void
}

const watchedMs = 2_000
const unwatchedMs = 15_000
const tooOftenMs = 5_000
/** 422 is how Direct Line says "too often" to Web Chat, which cannot bear 429. */
const tooOften = new Set([422, 429])

/** Reads again and again, one read at a time, and at once again after one that brought something: there may be more. */
export function createPolling({ read, isWatched, frame, answered, failed }: PollingOptions): Polling {
  let isOn = false
  let isReading = false
  let isWanted = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function round(): Promise<void> {
    clearTimeout(timer)
    isWanted = isReading
    if (isReading || !isOn) return
    isReading = true
    const answer = await read()
    isReading = false
    if (!isOn) return
    const pause = take(answer)
    if (pause === undefined) {
      isOn = false
      return failed(answer.status === 200 ? 0 : answer.status)
    }
    timer = setTimeout(() => void round(), isWanted ? 0 : pause)
  }

  /** @returns the pause until the next read, or nothing when the answer is none of ours */
  function take(answer: Answer): number | undefined {
    if (tooOften.has(answer.status))
      return Math.max(tooOftenMs, 1_000 * (Number(answer.headers.get('retry-after')) || 0))
    const count = answer.status === 200 ? countActivities(readJson(answer)) : undefined
    if (count === undefined) return undefined
    answered()
    if (count > 0) frame(answer.text)
    if (count > 0) return 0
    return isWatched() ? watchedMs : unwatchedMs
  }

  return {
    start: () => {
      if (isOn) return
      isOn = true
      void round()
    },
    stop: () => {
      isOn = false
      clearTimeout(timer)
    },
    now: () => void round(),
  }
}

function countActivities(body: unknown): number | undefined {
  const isFrame = typeof body === 'object' && body !== null && 'activities' in body && Array.isArray(body.activities)
  return isFrame ? (body.activities as unknown[]).length : undefined
}
