import { pino, type Logger } from 'pino'
import type { Log } from '../services/log.ts'

function lines(logger: Logger): Log {
  return {
    info: (event, fields) => logger.info({ event, ...fields }),
    warn: (event, fields) => logger.warn({ event, ...fields }),
    error: (event, fields) => logger.error({ event, ...fields }),
  }
}

export interface JsonLog extends Log {
  /** The start has succeeded: from now on lines go to standard error. */
  started(): void
}

/**
 * One JSON line an event on standard error. While the server starts they go to standard output, so that a refused start
 * says one line, and nothing else, on standard error.
 * @param traceId of the work in hand, which ties together the lines of a request and of what it causes
 */
export function createJsonLog(level: string, traceId: () => string | undefined): JsonLog {
  const [starting, serving] = [1, 2].map(dest => pino.destination({ dest, sync: true }))
  let target = starting
  const base = { base: null, timestamp: pino.stdTimeFunctions.isoTime }
  const mixin = (): object => {
    const trace = traceId()
    return trace === undefined ? {} : { trace }
  }
  const logger = pino({ level, ...base, mixin }, { write: line => void target?.write(line) })
  return { ...lines(logger), started: () => void (target = serving) }
}
