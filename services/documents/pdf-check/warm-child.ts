import type { CheckChild } from './check-child.ts'

/** Keeps one process started ahead of the file that it will judge, since loading its libraries takes most of a check. */
export interface WarmChild {
  /** The one that waits, else a new one. */
  take(): CheckChild
  /** Starts one unless one waits already. It goes by itself when no file comes for a while. */
  readonly prepare: () => void
  close(): Promise<void>
}

interface Waiting {
  readonly child: CheckChild
  readonly timer: NodeJS.Timeout
}

export function createWarmChild(start: () => CheckChild, idleMilliseconds: number): WarmChild {
  let waiting: Waiting | undefined

  function take(): CheckChild {
    const child = waiting?.child
    clearTimeout(waiting?.timer)
    waiting = undefined
    return child ?? start()
  }

  function prepare(): void {
    if (waiting) return
    const child = start()
    const mine = { child, timer: setTimeout(() => void child.end(), idleMilliseconds).unref() }
    waiting = mine
    void child.gone.then(() => forget(mine))
  }

  function forget(gone: Waiting): void {
    if (waiting === gone) waiting = undefined
    clearTimeout(gone.timer)
  }

  return {
    take,
    prepare,
    async close() {
      await waiting?.child.end()
    },
  }
}
