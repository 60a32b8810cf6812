import { transcriptTopic } from '../../../services/conversations/conversation.ts'
import type { TeamsDeliveries } from '../../../services/conversations/teams-deliveries.ts'
import { AppError } from '../../../services/errors.ts'
import type { Log } from '../../../services/log.ts'
import type { EventBus } from '../../../services/storage/event-bus.ts'
import type { Lease } from '../../../services/storage/lease.ts'
import type { Delivered, DeliverNext } from './delivery.ts'
import { setNewest } from './newest.ts'

/** What another instance left unsent, or what no notice told of, is taken up after this long. */
const SWEEP_MS = 5_000
const MOST_AT_ONCE = 200
/** A conversation in which nothing came in for so long is left to the sweep. */
const WATCHED = 2_000

export interface DelivererDeps {
  readonly deliverNext: DeliverNext
  readonly deliveries: Pick<TeamsDeliveries, 'waiting'>
  readonly eventBus: EventBus
  readonly lease: Lease
  readonly log: Log
}

export interface Deliverer {
  /** Sends at once what is said there from now on. */
  watch(conversationId: string): void
  start(): void
  /** Lets what is on its way arrive. */
  stop(): Promise<void>
}

/** One deliverer at a time for each conversation, on whichever instance. */
export function createDeliverer({ deliverNext, deliveries, eventBus, lease, log }: DelivererDeps): Deliverer {
  const running = new Map<string, Promise<void>>()
  const wokenAgain = new Set<string>()
  const later = new Map<string, NodeJS.Timeout>()
  const watched = new Map<string, () => void>()
  let sweeping: NodeJS.Timeout | undefined
  let stopping = false

  async function deliver(id: string): Promise<void> {
    let next: Delivered = { wait: 0 }
    await lease.hold(`teams:${id}`, async () => {
      do {
        if (!next.left) wokenAgain.delete(id)
        next = await deliverNext(id, next.left)
      } while ((next.wait === 0 || wokenAgain.has(id)) && !stopping)
    })
    if (next.wait !== undefined && next.wait > 0) wakeIn(id, next.wait)
  }

  function wakeIn(id: string, milliseconds: number): void {
    clearTimeout(later.get(id))
    const timer = setTimeout(() => {
      later.delete(id)
      wake(id)
    }, milliseconds)
    later.set(id, timer.unref())
  }

  function wake(id: string): void {
    if (stopping) return
    if (running.has(id)) return void wokenAgain.add(id)
    const done = deliver(id)
      .catch((error: unknown) => {
        // What is unsent stays unsent: the sweep takes it up.
        log.error('teams.delivery-failed', {
          conversation: id,
          code: error instanceof AppError ? error.code : 'unknown',
        })
      })
      .finally(() => {
        running.delete(id)
        if (wokenAgain.delete(id)) wake(id)
      })
    running.set(id, done)
  }

  async function sweep(): Promise<void> {
    for (const id of await deliveries.waiting(MOST_AT_ONCE)) wake(id)
  }

  function sweepSafely(): void {
    sweep().catch((error: unknown) => {
      log.warn('teams.sweep-failed', { code: error instanceof AppError ? error.code : 'unknown' })
    })
  }

  return {
    watch(id) {
      const end = watched.get(id) ?? eventBus.subscribe(transcriptTopic(id), () => wake(id))
      setNewest(watched, [id, end], WATCHED)?.()
    },
    start() {
      sweepSafely()
      sweeping = setInterval(sweepSafely, SWEEP_MS)
    },
    async stop() {
      stopping = true
      clearInterval(sweeping)
      for (const timer of later.values()) clearTimeout(timer)
      for (const end of watched.values()) end()
      await Promise.all(running.values())
    },
  }
}
