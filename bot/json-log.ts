import { pino, type Logger } from 'pino'
import type { Log } from '../services/log.ts'

function lines(logger: Logger): Log {
  return {
    info: (event, fields) => logger.info({ event, ...fields }),
    warn: (event, fields) => logger.warn({ event, ...fields }),
    error: (event, fields) => logger.error({ event, ...fields }),
  }
}

/**
 * One JSON line an event on standard error; standard output is for the line that names the address.
 * @param traceId of the work in hand, which ties together the lines of a request and of what it causes
 */
export function createJsonLog(level: string, traceId: () => string | undefined): Log {
  const base = { base: null, timestamp: pino.stdTimeFunctions.isoTime }
  const mixin = (): object => {
    const trace = traceId()
    return trace === undefined ? {} : { trace }
  }
  return lines(pino({ level, ...base, mixin }, pino.destination({ dest: 2, sync: true })))
}
