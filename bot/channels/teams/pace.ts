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
  /** Counts a message of the chat now. @returns milliseconds to wait when it must not leave yet, and is not counted */
  take(chat: string): number
}

/** Kept by whoever delivers: a chat has one deliverer at a time. */
export function createPace({ now }: { now: () => Date }): Pace {
  const chats = new Map<string, number[]>()
  const longest = Math.max(...limits.map(({ ms }) => ms))

  return {
    take(chat) {
      const at = now().getTime()
      const left = (chats.get(chat) ?? []).filter(time => at - time < longest)
      const waits = limits.map(({ count, ms }) => {
        const oldest = left.at(-count)
        return oldest === undefined ? 0 : Math.max(0, oldest + ms - at)
      })
      const wait = Math.max(...waits)
      if (wait === 0) left.push(at)
      chats.delete(chat)
      chats.set(chat, left)
      if (chats.size > MOST_CHATS) for (const [oldest] of chats.entries().take(1)) chats.delete(oldest)
      return wait
    },
  }
}
