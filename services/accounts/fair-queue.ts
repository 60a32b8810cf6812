export interface FairQueue {
  /** Runs `work` when its turn comes, however many wait. */
  always<T>(work: () => Promise<T>): Promise<T>
  /** @returns undefined when too many wait already: `work` was not and will not be begun */
  unlessFull<T>(work: () => Promise<T>, turn: Turn): Promise<T | undefined>
}

/** `first` comes before every lane; the lanes take turns, so that a long one does not hold up the others. */
export type Turn = { readonly first: true } | { readonly first: false; readonly lane: string }

interface Waiting {
  readonly begin: () => void
  readonly giveUp: () => void
}

interface Limits {
  readonly atOnce: number
  readonly mostWaiting: number
}

/** Work that is expensive, a few pieces at a time. When the queue is full, the last one of the longest lane has to leave. */
export function createFairQueue({ atOnce, mostWaiting }: Limits): FairQueue {
  const first: Waiting[] = []
  /** In the order of their next turn; no lane is empty. */
  const lanes = new Map<string, Waiting[]>()
  let running = 0
  let waiting = 0

  function next(): Waiting | undefined {
    const [entry] = lanes
    if (first.length > 0 || !entry) return first.shift()
    const [name, lane] = entry
    const chosen = lane.shift()
    lanes.delete(name)
    if (lane.length > 0) lanes.set(name, lane)
    waiting--
    return chosen
  }

  async function run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } finally {
      const chosen = next()
      // The next one takes this place over, so that nobody slips in between.
      if (chosen) chosen.begin()
      else running--
    }
  }

  function makeRoomFor(name: string): boolean {
    if (waiting < mostWaiting) return true
    const longest = [...lanes].reduce((one, other) => (other[1].length > one[1].length ? other : one))[1]
    if (longest.length <= (lanes.get(name)?.length ?? 0) + 1) return false
    longest.pop()?.giveUp()
    waiting--
    return true
  }

  function join(lane: string, entry: Waiting): void {
    const known = lanes.get(lane)
    if (known) known.push(entry)
    else lanes.set(lane, [entry])
    waiting++
  }

  const wait = (enter: (entry: Waiting) => void) =>
    new Promise<boolean>(resolve => enter({ begin: () => resolve(true), giveUp: () => resolve(false) }))

  async function always<T>(work: () => Promise<T>): Promise<T> {
    if (running < atOnce) running++
    else await wait(entry => first.push(entry))
    return await run(work)
  }

  return {
    always,
    async unlessFull(work, turn) {
      if (turn.first) return first.length < mostWaiting ? await always(work) : undefined
      if (running < atOnce) running++
      else if (!makeRoomFor(turn.lane) || !(await wait(entry => join(turn.lane, entry)))) return undefined
      return await run(work)
    },
  }
}
