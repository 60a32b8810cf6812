import { createStore } from '../store.ts'
import type { Store } from '../store.ts'
import type { Observable, Observer } from './subject.ts'

/** A message on its way: waiting for the network, on the line, or given up until the member says "retry". */
export type Delivery = {
  readonly state: 'waiting' | 'sending' | 'failed' | 'cancelled' | 'sent'
  /** Bytes of a file that left, 0 to 1. */
  readonly progress?: number
  /** Tried in vain while there was a line: the service does not take it now, and it is tried again. */
  readonly again?: true
  /** It is tried again for as long as it takes: the service can store nothing now. */
  readonly full?: true
  /** No answer came in time, which is no refusal. */
  readonly late?: true
}
export type OutgoingActivity = {
  readonly channelData?: { readonly clientActivityID?: string }
  readonly attachments?: ReadonlyArray<{ readonly contentUrl?: string; readonly name?: string }>
  readonly from?: { readonly id?: string }
}

/** `again`: nobody knows whether it arrived, or it surely did not; the same client id makes sending again harmless. */
export type SendOutcome =
  | { readonly sent: true; readonly id: string }
  | { readonly sent: false; readonly again: boolean; readonly full?: boolean; readonly late?: boolean }
export type Send = (
  activity: OutgoingActivity,
  report: (progress: number) => void,
  signal: AbortSignal,
) => Promise<SendOutcome>

export type Outbox = {
  readonly deliveries: Store<ReadonlyMap<string, Delivery>>
  /** Takes the activity; the observable ends with the server's id once it arrived. */
  readonly post: (activity: OutgoingActivity) => Observable<string>
  readonly retry: (clientId: string) => void
  readonly cancel: (clientId: string) => void
  /** The line may carry messages again. */
  readonly wake: () => void
  /** Drops what has not left and ends what is on its way: the member is not here any more. */
  readonly drop: () => void
}

type Entry = {
  readonly activity: OutgoingActivity
  readonly observers: Set<Observer<string>>
  tries: number
  full?: boolean
  late?: boolean
  abort: AbortController
}

const triesBeforeGivingUp = 6
const pauseMs = (tries: number): number => Math.min(15_000, 1_000 * 2 ** tries)

/*
 * Order and once: each lane sends one message at a time, in the order written, and keeps it until the server said its id.
 * Files have a lane of their own, so that a long upload does not hold back a request for help.
 */
export function createOutbox(options: { send: Send; isOpen: () => boolean }): Outbox {
  const deliveries = createStore<ReadonlyMap<string, Delivery>>(new Map())
  const entries = new Map<string, Entry>()
  const lanes = { text: [] as string[], file: [] as string[] }
  const busy = new Set<string[]>()
  const show = (clientId: string, delivery: Delivery): void =>
    deliveries.update(current => new Map(current).set(clientId, delivery))

  async function attempt(clientId: string, entry: Entry): Promise<SendOutcome> {
    entry.abort = new AbortController()
    show(clientId, { state: 'sending', ...(isFile(entry.activity) ? { progress: 0 } : {}), ...again(entry) })
    const report = (progress: number): void => show(clientId, { state: 'sending', progress, ...again(entry) })
    return options.send(entry.activity, report, entry.abort.signal).catch(() => ({ sent: false, again: true }) as const)
  }

  function settle(clientId: string, id: string): void {
    const entry = entries.get(clientId)
    entries.delete(clientId)
    show(clientId, { state: 'sent' })
    for (const observer of entry?.observers ?? []) {
      observer.next?.(id)
      observer.complete?.()
    }
  }

  /** Sends what is first in the lane; true when the lane may go on with the next one. */
  async function sendFirst(lane: string[]): Promise<boolean> {
    const clientId = lane[0]
    const entry = clientId === undefined ? undefined : entries.get(clientId)
    if (clientId === undefined || !entry) return lane.shift() !== undefined
    const outcome = await attempt(clientId, entry)
    if (entry.abort.signal.aborted) return lane.shift() !== undefined
    entry.full = !outcome.sent && outcome.full === true
    entry.late = !outcome.sent && outcome.late === true
    // Whoever waits for space on the server's disk waits for an operator, and may wait for long.
    if (entry.full) entry.tries = Math.min(entry.tries, triesBeforeGivingUp - 2)
    if (outcome.sent) settle(clientId, outcome.id)
    // A file goes on where it was cut, for as long as the page lives.
    else if (outcome.again && ((entry.tries += 1) < triesBeforeGivingUp || isFile(entry.activity)))
      return waitForLine(clientId, entry)
    else show(clientId, { state: 'failed' })
    lane.shift()
    return true
  }

  async function waitForLine(clientId: string, entry: Entry): Promise<boolean> {
    // Without a line the pause is as long as the line is away; tries only count while there is one.
    if (!options.isOpen()) entry.tries -= 1
    show(clientId, { state: 'waiting', ...again(entry) })
    if (options.isOpen()) await new Promise(resolve => setTimeout(resolve, pauseMs(entry.tries)))
    return options.isOpen()
  }

  async function run(lane: string[]): Promise<void> {
    if (busy.has(lane)) return
    busy.add(lane)
    while (lane.length > 0 && options.isOpen()) if (!(await sendFirst(lane))) break
    busy.delete(lane)
  }

  const wake = (): void => {
    void run(lanes.text)
    void run(lanes.file)
  }
  const enqueue = (clientId: string, entry: Entry): void => {
    entries.set(clientId, entry)
    show(clientId, { state: 'waiting' })
    ;(isFile(entry.activity) ? lanes.file : lanes.text).push(clientId)
    wake()
  }

  return {
    deliveries,
    post: activity => {
      const clientId = activity.channelData?.clientActivityID
      if (clientId === undefined) throw new Error('Web Chat gave a message no client id')
      const entry: Entry = { activity, observers: new Set(), tries: 0, abort: new AbortController() }
      enqueue(clientId, entry)
      return subscribable(entry)
    },
    retry: clientId => {
      const entry = entries.get(clientId)
      if (entry) enqueue(clientId, Object.assign(entry, { tries: 0 }))
    },
    cancel: clientId => {
      entries.get(clientId)?.abort.abort()
      // One that is on the line leaves its lane when its request ends.
      if (deliveries.get().get(clientId)?.state === 'waiting')
        for (const lane of Object.values(lanes)) remove(lane, clientId)
      show(clientId, { state: 'cancelled' })
    },
    wake,
    drop: () => {
      for (const entry of entries.values()) entry.abort.abort()
      for (const lane of Object.values(lanes)) lane.length = 0
      entries.clear()
      deliveries.set(new Map())
    },
  }
}

function remove(lane: string[], clientId: string): void {
  const index = lane.indexOf(clientId)
  if (index >= 0) lane.splice(index, 1)
}

const again = ({ tries, full, late }: Entry): Pick<Delivery, 'again' | 'full' | 'late'> => ({
  ...(tries > 0 && { again: true }),
  ...(full && { full: true }),
  ...(late && { late: true }),
})

const isFile = (activity: OutgoingActivity): boolean => (activity.attachments?.length ?? 0) > 0

function subscribable(entry: Entry): Observable<string> {
  return {
    subscribe: observer => {
      entry.observers.add(observer)
      return { unsubscribe: () => entry.observers.delete(observer) }
    },
  }
}
