import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import restify from 'restify'
import { installDirectLine } from '../../../bot/channels/directline/direct-line.ts'
import type { DirectLineDeps } from '../../../bot/channels/directline/direct-line.ts'
import { createLiveness } from '../../../services/accounts/liveness.ts'
import type { Principal } from '../../../services/accounts/principal.ts'
import { createSessions, type Sessions } from '../../../services/accounts/sessions.ts'
import { createStreamTickets } from '../../../services/accounts/stream-tickets.ts'
import { createConversationStore } from '../../../services/conversations/conversation-store.ts'
import { createDocumentStore } from '../../../services/documents/document-store.ts'
import { createQuota } from '../../../services/documents/quota.ts'
import { createUploadStore } from '../../../services/documents/upload-store.ts'
import { createKeyring, generateSecretKey } from '../../../services/keys/keyring.ts'
import type { Log } from '../../../services/log.ts'
import type { Database } from '../../../services/storage/database.ts'
import { createInProcessEventBus } from '../../../services/storage/embedded/event-bus.ts'
import { createInProcessRateLimiter } from '../../../services/storage/embedded/rate-limiter.ts'
import { openFreshDatabase } from '../../support/fresh-database.ts'
import { createEchoTurns } from './echo-turns.ts'

type Changes = Partial<DirectLineDeps>

export type TestServer = Awaited<ReturnType<typeof startDirectLine>>

/** Direct Line as it runs, on a port and a database of its own, with an assistant that echoes. */
export async function startDirectLine(
  changes: Changes = {},
  changesWith: (database: Database) => Changes = () => ({}),
) {
  const fresh = await openFreshDatabase()
  const { database } = fresh
  const clock = { ahead: 0 }
  const now = () => new Date(Date.now() + clock.ahead)
  const keyring = createKeyring(generateSecretKey())
  const eventBus = createInProcessEventBus()
  const conversations = createConversationStore({ database, now })
  const documents = createDocumentStore({ database, keyring, now, newId: randomUUID })
  const sessions = createSessions({ database, eventBus, now })
  const turns = createEchoTurns({ database, conversations, eventBus })
  const { server, origin } = await listen()
  const logged: string[] = []
  const deps: DirectLineDeps = {
    conversations,
    documents,
    uploads: createUploadStore({ database, keyring, quota: createQuota({ database, now }), now, newId: randomUUID }),
    database,
    openDraftOf: async () => undefined,
    eventBus,
    rateLimiter: createInProcessRateLimiter({ now }),
    keyring,
    sessions,
    liveness: createLiveness({ database, eventBus, now }),
    streamTickets: createStreamTickets({ database, now }),
    turns,
    revealRib: async () => undefined,
    members: { findByPpr: ppr => memberByPpr(database, ppr) },
    now,
    newId: randomUUID,
    log: logTo(logged),
    publicUrl: origin,
    allowedOrigins: [origin],
    botName: language => (language === 'ar' ? 'مساعدة' : 'Moussaada'),
    ...changes,
    ...changesWith(database),
  }
  const directLine = installDirectLine(server, { ...deps, http: server.server })

  return {
    ...deps,
    ...directLine,
    sessions,
    /** A token for whom it is said to be for. */
    mint: directLine.tokenFor,
    /** What the page of a member who has just signed in gets. */
    tokenFor: async (memberId: string) => directLine.tokenFor(await newSession(sessions, memberId)),
    database,
    origin,
    domain: `${origin}/v3/directline`,
    clock,
    turns,
    /** Every line logged so far, as JSON. */
    logged,
    /** A member of this test's own. */
    newMember: () => newMember(database),
    async close(): Promise<void> {
      await directLine.close()
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.server.closeAllConnections()
      await closed
      await turns.settled()
      await fresh.close()
    },
  }
}

async function listen() {
  const silent = pino({ level: 'silent' }) as unknown as NonNullable<restify.ServerOptions['log']>
  const server = restify.createServer({ name: '', log: silent })
  // A client that reuses a connection just as it is closed fails, and a busy machine makes that likely.
  server.server.keepAliveTimeout = 60_000
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return { server, origin: `http://127.0.0.1:${port}` }
}

function logTo(lines: string[]): Log {
  const write = (event: string, fields?: object) => void lines.push(JSON.stringify({ event, ...fields }))
  return { info: write, warn: write, error: write }
}

async function newSession(sessions: Sessions, memberId: string): Promise<Principal> {
  const session = await sessions.find(await sessions.open(memberId))
  assert.ok(session)
  return { memberId, sessionId: session.id }
}

async function newMember(database: Database): Promise<{ id: string; ppr: string }> {
  const member = { id: randomUUID(), ppr: String(randomBytes(6).readUIntBE(0, 6)) }
  await database.query('insert into member (id, ppr, name) values ($1, $2, $3)', [member.id, member.ppr, 'Canary Name'])
  return member
}

async function memberByPpr(database: Database, ppr: string): Promise<{ id: string } | undefined> {
  const { rows } = await database.query('select id from member where ppr = $1', [ppr])
  return rows[0] && { id: String(rows[0].id) }
}
