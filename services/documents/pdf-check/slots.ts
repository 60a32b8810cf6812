/** Lets a few callers work at a time and a few more wait; whoever comes after those is turned away at once. */
export interface Slots {
  /** @returns false when too many wait already; else true, once there is room, and then `leave` must follow */
  readonly enter: () => Promise<boolean>
  readonly leave: () => void
  readonly load: () => Load
  /** Turns away whoever waits, with this error. */
  readonly close: (reason: Error) => void
}

export interface Load {
  readonly working: number
  readonly waiting: number
}

export function createSlots({ working, waiting }: Load): Slots {
  const queue: PromiseWithResolvers<void>[] = []
  let free = working

  return {
    async enter() {
      if (free > 0) {
        free--
        return true
      }
      if (queue.length >= waiting) return false
      const place = Promise.withResolvers<void>()
      queue.push(place)
      await place.promise
      return true
    },
    leave() {
      const next = queue.shift()
      if (next) next.resolve()
      else free++
    },
    close(reason) {
      for (const place of queue.splice(0)) place.reject(reason)
    },
    load: () => ({ working: working - free, waiting: queue.length }),
  }
}
