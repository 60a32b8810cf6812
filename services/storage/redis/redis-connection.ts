import { Redis } from 'ioredis'
import type { Log } from '../../log.ts'

/**
 * Milliseconds. Redis only says how soon things are seen: nobody waits for it for long. A connection on which an answer
 * stays away is ended, so that it is one command that waits for a Redis that stands still, and not each of a turn's.
 */
const timeouts = { connectTimeout: 2_000, commandTimeout: 2_000, socketTimeout: 2_000 }

const options = {
  ...timeouts,
  // A command that finds no connection fails at once, and its caller does without.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (attempt: number) => Math.min(attempt * 100, 2_000),
}

/** As `new Redis` takes them; its types do not take a `RedisOptions` under exact optional properties. */
type Options = Omit<typeof options, 'commandTimeout'> & { commandTimeout?: number; autoResubscribe?: boolean }

/**
 * Sends the commands of one pass of the event loop together: under load a call of the system costs more than what it
 * carries. Each command keeps its own answer and its own time limit, which an automatic pipeline would add up.
 */
class GatheringRedis extends Redis {
  #isGathering = false

  override sendCommand(...command: Parameters<Redis['sendCommand']>): unknown {
    this.#gather()
    return super.sendCommand(...command)
  }

  #gather(): void {
    // There is none before the first connection, which the library's types leave out.
    const stream: Redis['stream'] | undefined = this.stream
    if (this.#isGathering || !stream?.writable) return
    this.#isGathering = true
    stream.cork()
    setImmediate(() => {
      this.#isGathering = false
      stream.uncork()
    })
  }
}

/**
 * `redis://…` and `rediss://…` name a server. `redis-sentinel://host:port,host:port/NAME/DB`, with `user:password@` in
 * front, names the sentinels that know where the master NAME is.
 */
function clientFor(url: string, given: Options): Redis {
  if (!url.startsWith('redis-sentinel:')) return new GatheringRedis(url, given)
  const [, credentials, hosts = '', name = 'mymaster', db = '0'] =
    /^redis-sentinel:\/\/(?:([^@]*)@)?([^/]+)(?:\/([^/]+))?(?:\/(\d+))?/.exec(url) ?? []
  const [username, password] = (credentials ?? '').split(':').map(part => decodeURIComponent(part))
  const sentinels = hosts.split(',').map(host => {
    const at = new URL(`redis://${host}`)
    return { host: at.hostname, port: Number(at.port || 26379) }
  })
  const login = { ...(username && { username }), ...(password && { password }) }
  return new GatheringRedis({ ...given, ...login, sentinels, name, db: Number(db) })
}

/** Says once that Redis is away, and once that it is back; its own errors may hold addresses and are not logged. */
function logAvailability(client: Redis, log: Log): void {
  let isAway = false
  const away = (): void => {
    if (isAway) return
    isAway = true
    log.warn('redis.away')
  }
  client.on('error', away)
  client.on('close', away)
  client.on('ready', () => {
    if (isAway) log.info('redis.back')
    isAway = false
  })
}

export interface RedisConnections {
  readonly commands: Redis
  readonly subscriber: Redis
  /** Whether Redis answers, within 2 s. */
  readonly answers: () => Promise<boolean>
  /** Waits for the first connection, at most 5 s. */
  readonly arrives: () => Promise<boolean>
  close(): void
}

const ARRIVAL_MS = 5_000

async function arrival(client: Redis): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const late = setTimeout(resolve, ARRIVAL_MS, false)
  if (client.status === 'ready') resolve(true)
  client.once('ready', () => resolve(true))
  return promise.finally(() => clearTimeout(late))
}

/** One connection for commands, one that listens. Neither throws when Redis is away; both come back by themselves. */
export function connectRedis({ redisUrl, log }: { redisUrl: string; log: Log }): RedisConnections {
  const commands = clientFor(redisUrl, options)
  const { commandTimeout: _, ...patient } = options
  const subscriber = clientFor(redisUrl, { ...patient, autoResubscribe: false })
  logAvailability(commands, log)
  subscriber.on('error', () => undefined)
  return {
    commands,
    subscriber,
    answers: () =>
      commands.ping().then(
        () => true,
        () => false,
      ),
    arrives: () => arrival(commands),
    close() {
      commands.disconnect()
      subscriber.disconnect()
    },
  }
}
