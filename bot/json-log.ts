import { pino, type DestinationStream, type Logger } from 'pino'
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
 * Writes the lines of one pass of the event loop together: a call of the system for each takes a twentieth of a turn. What
 * ends the process, other than SIGKILL, writes the last ones.
 */
function gatherLines(destination: Pick<DestinationStream, 'write'>): DestinationStream {
  let waiting = ''
  const flush = (): void => {
    const lines = waiting
    waiting = ''
    if (lines !== '') destination.write(lines)
  }
  process.once('exit', flush)
  return {
    write(line) {
      if (waiting === '') setImmediate(flush)
      waiting += line
    },
  }
}

/**
 * One JSON line an event on standard error. While the server starts they go to standard output, so that a refused start
 * says one line, and nothing else, on standard error.
 * @param traceId of the work in hand, which ties together the lines of a request and of what it causes
 */
export function createJsonLog(level: string, traceId: () => string | undefined): JsonLog {
  const [starting, serving] = [1, 2].map(dest => gatherLines(pino.destination({ dest, sync: true })))
  let target = starting
  const base = { base: null, timestamp: pino.stdTimeFunctions.isoTime }
  const mixin = (): object => {
    const trace = traceId()
    return trace === undefined ? {} : { trace }
  }
  const logger = pino({ level, ...base, mixin }, { write: line => target?.write(line) })
  return { ...lines(logger), started: () => void (target = serving) }
}
