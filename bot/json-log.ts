import { pino, type Logger } from 'pino'
import type { Log } from '../services/log.ts'

function lines(logger: Logger): Log {
  return {
    info: (event, fields) => logger.info({ event, ...fields }),
    warn: (event, fields) => logger.warn({ event, ...fields }),
    error: (event, fields) => logger.error({ event, ...fields }),
  }
}

/** One JSON line an event on standard error; standard output is for the line that names the address. */
export function createJsonLog(level: string): Log {
  const base = { base: null, timestamp: pino.stdTimeFunctions.isoTime }
  return lines(pino({ level, ...base }, pino.destination({ dest: 2, sync: true })))
}
