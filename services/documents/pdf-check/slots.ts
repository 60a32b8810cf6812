/** Lets a few callers work at a time and a few more wait; whoever comes after those is turned away at once. */
export interface Slots {
  /** @returns false when too many wait already; else true, once there is room, and then `leave` must follow */
  readonly enter: () => Promise<boolean>
  readonly leave: () => void
  readonly load: () => Load
}

export interface Load {
  readonly working: number
  readonly waiting: number
}

export function createSlots({ working, waiting }: Load): Slots {
  const queue: (() => void)[] = []
  let free = working

  return {
    async enter() {
      if (free > 0) free--
      else if (queue.length >= waiting) return false
      else await new Promise<void>(resolve => queue.push(resolve))
      return true
    },
    leave() {
      const next = queue.shift()
      if (next) next()
      else free++
    },
    load: () => ({ working: working - free, waiting: queue.length }),
  }
}
