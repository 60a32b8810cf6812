/** `together`: with others who are, `alone`: with nobody. */
export type Mode = 'together' | 'alone'

interface Waiting {
  readonly mode: Mode
  readonly enter: () => void
}

export interface TurnLock {
  /**
   * First come, first served: whoever would be together with those inside still waits behind one who wants to be alone.
   * @returns how to leave
   */
  enter(mode: Mode): Promise<() => void>
  /** The same before everybody who waits. */
  enterNext(mode: Mode): Promise<() => void>
}

export function createTurnLock(): TurnLock {
  const waiting: Waiting[] = []
  let inside = 0
  let isAlone = false

  function admit(): void {
    for (let next = waiting[0]; next && mayEnter(next); next = waiting[0]) {
      waiting.shift()
      inside++
      isAlone = next.mode === 'alone'
      next.enter()
    }
  }

  const mayEnter = ({ mode }: Waiting): boolean => inside === 0 || (mode === 'together' && !isAlone)

  function leave(): void {
    inside--
    if (inside === 0) isAlone = false
    admit()
  }

  function entrance(place: 'push' | 'unshift') {
    return async (mode: Mode): Promise<() => void> => {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting[place]({ mode, enter: resolve })
      admit()
      await promise
      return leave
    }
  }

  return { enter: entrance('push'), enterNext: entrance('unshift') }
}
