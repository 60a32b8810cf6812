import { setNewest } from './newest.ts'

/** At most `count` messages in `ms`. */
interface Limit {
  readonly count: number
  readonly ms: number
}

/** What Teams takes from one bot in one chat. */
const limits: readonly Limit[] = [
  { count: 7, ms: 1_000 },
  { count: 8, ms: 2_000 },
  { count: 60, ms: 30_000 },
]
const MOST_CHATS = 5_000

export interface Pace {
  /**
   * @param before messages that leave before it
   * @returns milliseconds until the next message of the chat may leave, 0 for now
   */
  wait(chat: string, before?: number): number
  /** A message of the chat was answered just now: Teams has counted it no later than that. */
  count(chat: string): void
}

/** Kept by whoever delivers: a chat has one deliverer at a time. */
export function createPace({ now }: { now: () => Date }): Pace {
  const chats = new Map<string, number[]>()
  const longest = Math.max(...limits.map(({ ms }) => ms))

  return {
    wait(chat, before = 0) {
      const at = now().getTime()
      const counted = chats.get(chat) ?? []
      const waits = limits.map(({ count, ms }) => (counted.at(before - count) ?? -Infinity) + ms - at)
      return Math.max(0, ...waits)
    },
    count(chat) {
      const at = now().getTime()
      const left = (chats.get(chat) ?? []).filter(time => at - time < longest)
      setNewest(chats, [chat, [...left, at]], MOST_CHATS)
    },
  }
}
