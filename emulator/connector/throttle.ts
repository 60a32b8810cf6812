/** Calls of one bot in one chat: at most `calls` within `seconds`. Source: Teams' page on rate limits. */
interface Window {
  readonly calls: number
  readonly seconds: number
}

export const sendWindows: readonly Window[] = [
  { calls: 7, seconds: 1 },
  { calls: 8, seconds: 2 },
  { calls: 60, seconds: 30 },
  { calls: 1800, seconds: 3600 },
]

export const memberWindows: readonly Window[] = [
  { calls: 14, seconds: 1 },
  { calls: 16, seconds: 2 },
  { calls: 120, seconds: 30 },
  { calls: 3600, seconds: 3600 },
]

/** Of one bot in one tenant, over all its chats. */
export const tenantWindows: readonly Window[] = [{ calls: 50, seconds: 1 }]

export interface Throttle {
  /** Counts a call. @returns the seconds to wait when it is one too many, which is then not counted */
  take(key: string): number | undefined
}

export function createThrottle(windows: readonly Window[], now: () => Date): Throttle {
  const taken = new Map<string, number[]>()
  const longest = Math.max(...windows.map(({ seconds }) => seconds)) * 1000
  return {
    take(key) {
      const at = now().getTime()
      const times = (taken.get(key) ?? []).filter(time => time > at - longest)
      const waits = windows.map(({ calls, seconds }) => {
        const oldest = times.at(-calls)
        return oldest === undefined ? 0 : oldest + seconds * 1000 - at
      })
      const wait = Math.max(...waits)
      if (wait <= 0) times.push(at)
      taken.set(key, times)
      return wait > 0 ? Math.ceil(wait / 1000) : undefined
    },
  }
}
