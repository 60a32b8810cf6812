import { randomUUID } from 'node:crypto'
import type { Call, Reply } from '../http/loopback-server.ts'
import type { Drive } from './drive.ts'
import { graphError, type GraphFault } from './faults.ts'

interface Session {
  readonly path: string
  readonly parts: Buffer[]
  received: number
  total: number | undefined
  expiresAt: number
}

export interface UploadSessions {
  readonly create: (call: Call, baseUrl: string) => Promise<Reply>
  readonly range: (call: Call, fault: GraphFault | undefined) => Promise<Reply>
  readonly progress: (call: Call) => Reply
  readonly cancel: (call: Call) => Reply
  /** Sessions that are neither done, nor given up, nor lapsed. */
  open(): number
  /** Every open session has lapsed. */
  expire(): void
}

const LIFE_MS = 15 * 60 * 1000
/** Bytes: ranges but the last are multiples of it. */
const STEP = 320 * 1024
const RANGE_LIMIT = 60 * 1024 * 1024

export function createUploadSessions({ drive, now }: { drive: Drive; now: () => Date }): UploadSessions {
  const sessions = new Map<string, Session>()

  function find(call: Call): Session | undefined {
    const session = sessions.get(call.params['session'] ?? '')
    return session && session.expiresAt > now().getTime() ? session : undefined
  }

  const progressOf = ({ received, total, expiresAt }: Session) => ({
    expirationDateTime: new Date(expiresAt).toISOString(),
    nextExpectedRanges: [`${received}-${total === undefined ? '' : total - 1}`],
  })

  function take(call: Call, session: Session, kept: Buffer): Reply {
    session.parts.push(kept)
    session.received += kept.length
    session.expiresAt = now().getTime() + LIFE_MS
    if (session.received !== session.total) return { status: 202, json: progressOf(session) }
    sessions.delete(call.params['session'] ?? '')
    return drive.write(session.path, Buffer.concat(session.parts))
  }

  return {
    async create(call, baseUrl) {
      await call.bytes(64 * 1024)
      const id = randomUUID()
      const expiresAt = now().getTime() + LIFE_MS
      sessions.set(id, { path: call.params['path'] ?? '', parts: [], received: 0, total: undefined, expiresAt })
      const json = {
        uploadUrl: `${baseUrl}/upload/${id}?tempauth=${randomUUID()}`,
        expirationDateTime: new Date(expiresAt),
      }
      return { status: 200, json }
    },
    async range(call, fault) {
      const bytes = await call.bytes(RANGE_LIMIT)
      const session = find(call)
      // The address itself is the permission; a bearer beside it is refused.
      if (call.req.headers.authorization !== undefined) return graphError(401, 'unauthenticated')
      if (!session) return graphError(404, 'itemNotFound')
      const [from = -1, to = -1, total = -1] = (call.req.headers['content-range']?.match(/\d+/g) ?? []).map(Number)
      if (!bytes || bytes.length !== to - from + 1) return graphError(400, 'invalidRequest')
      if (from !== session.received || (session.total ?? total) !== total) return graphError(416, 'invalidRange')
      const isWhole = bytes.length % STEP === 0 || to + 1 === total || from % STEP !== 0
      if (!isWhole) return graphError(400, 'invalidRequest')
      session.total = total
      return take(call, session, fault?.kind === 'partial' ? bytes.subarray(0, fault.bytes) : bytes)
    },
    progress(call) {
      const session = find(call)
      return session ? { status: 200, json: progressOf(session) } : graphError(404, 'itemNotFound')
    },
    cancel(call) {
      return sessions.delete(call.params['session'] ?? '') ? { status: 204 } : graphError(404, 'itemNotFound')
    },
    open: () => [...sessions.values()].filter(({ expiresAt }) => expiresAt > now().getTime()).length,
    expire() {
      for (const session of sessions.values()) session.expiresAt = 0
    },
  }
}
