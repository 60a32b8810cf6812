import { AppError } from '../services/errors.ts'
import type { Log } from '../services/log.ts'
import type { WaitingNotice } from '../services/proactive/proactive-notice.ts'
import type { ProactiveNotices } from '../services/proactive/proactive-notices.ts'

/** What a command or another instance has left to be told is taken up after this long. */
const SWEEP_MS = 5_000
/** Between two looks others get their turn. */
const MOST_AT_ONCE = 100

interface Deps {
  readonly notices: Pick<ProactiveNotices, 'waiting' | 'place'>
  readonly turns: { wake(conversationId: string, memberId?: string): void }
  readonly log: Log
}

export interface ProactiveSweep {
  /** Something is to be told now. */
  wake(): void
  /** Looks now and every 5 s. */
  start(): void
  /** Lets what is in hand finish. */
  stop(): Promise<void>
}

const codeOf = (error: unknown) => (error instanceof AppError ? error.code : 'invariant')

/** Brings what members are to be told into their conversations, where it has its turn like everything else. */
export function createProactiveSweep({ notices, turns, log }: Deps): ProactiveSweep {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let wokenAgain = false
  let stopping = false

  /** @returns whether it stands where it belongs; one that cannot be placed keeps no other one waiting */
  async function place(notice: WaitingNotice): Promise<boolean> {
    try {
      for (const { id, memberId } of await notices.place(notice)) turns.wake(id, memberId)
      return true
    } catch (error) {
      const code = codeOf(error)
      // The operator has been told once for all.
      if (code !== 'storage.full') log.warn('proactive.not-placed', { notice: notice.id, code })
      return false
    }
  }

  async function sweep(): Promise<void> {
    do {
      wokenAgain = false
      const waiting = await notices.waiting(MOST_AT_ONCE)
      let placed = 0
      for (const notice of waiting) {
        if (stopping) return
        if (await place(notice)) placed++
      }
      if (placed > 0) log.info('proactive.placed', { notices: placed })
      wokenAgain ||= placed === MOST_AT_ONCE
    } while (wokenAgain && !stopping)
  }

  function wake(): void {
    if (stopping) return
    wokenAgain = true
    running ??= sweep()
      .catch((error: unknown) => {
        // What waits goes on waiting: the next look takes it up.
        log.warn('proactive.sweep-failed', { code: codeOf(error) })
      })
      .finally(() => (running = undefined))
  }

  return {
    wake,
    start() {
      wake()
      timer = setInterval(wake, SWEEP_MS)
    },
    async stop() {
      stopping = true
      clearInterval(timer)
      await running
    },
  }
}
