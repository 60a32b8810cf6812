import { AppError } from '../services/errors.ts'
import type { Log } from '../services/log.ts'

/** In flight turns and requests get this long; then the process goes, and the inbox keeps what is due. */
const STOP_MS = 15_000

/** Ends the process with 0 once `stop` is through, with 1 when it fails or takes too long. */
export function stopOnSignal(stop: () => Promise<void>, log: Log): void {
  let isStopping = false
  const onSignal = (signal: string): void => {
    if (isStopping) return
    isStopping = true
    log.info('server.stopping', { signal })
    setTimeout(() => process.exit(1), STOP_MS).unref()
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('server.stop-failed', { code: error instanceof AppError ? error.code : 'invariant' })
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}
