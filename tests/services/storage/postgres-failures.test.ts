import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError } from '../../../services/errors.ts'
import type { Database } from '../../../services/storage/database.ts'
import { createBossJobs } from '../../../services/storage/boss-jobs.ts'
import { openPostgresDatabase } from '../../../services/storage/postgres/postgres-database.ts'
import { startPrivatePostgres, type PrivatePostgres } from '../../support/private-postgres.ts'
import { silentLog as log } from '../../support/silent-log.ts'

/** Stands between us and the server, and can hold back every byte without closing anything. */
async function startProxy(port: number) {
  const state = { isHolding: false }
  const sockets = new Set<Socket>()
  const server = createServer(client => {
    const target = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from)
      from.on('data', bytes => state.isHolding || to.write(bytes))
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: own } = server.address() as AddressInfo
  const close = (): void => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { port: own, state, close }
}

describe('an operator wants the server to outlive troubles with PostgreSQL', () => {
  let server: PrivatePostgres
  before(async () => {
    server = await startPrivatePostgres()
  })
  after(() => server.close())

  const withEntries = async (databaseUrl: string): Promise<Database> => {
    const database = openPostgresDatabase({ databaseUrl, log })
    await database.query('CREATE TABLE entry (id int PRIMARY KEY)')
    return database
  }

  it('gives up within 15 s on a server that says nothing any more, and finds it when it is back', async () => {
    const proxy = await startProxy(server.port)
    const url = new URL(await server.newDatabase())
    url.port = String(proxy.port)
    const database = await withEntries(url.href)
    proxy.state.isHolding = true
    const began = performance.now()
    const insert = (id: number) => database.transaction(tx => tx.query('INSERT INTO entry VALUES ($1)', [id]))
    const gone = { code: 'database.unreachable' }
    await Promise.all([assert.rejects(insert(1), gone), assert.rejects(insert(2), gone)])
    assert.ok(performance.now() - began < 15_000)
    await assert.rejects(database.query('SELECT 1'), gone)
    proxy.state.isHolding = false
    assert.equal((await database.query('SELECT 1')).count, 1)
    await database.transaction(tx => tx.query('INSERT INTO entry VALUES (3)'))
    assert.deepEqual((await database.query('SELECT id FROM entry')).rows, [{ id: 3 }])
    await database.close()
    proxy.close()
  })

  for (const mode of ['fast', 'immediate'] as const) {
    it(`loses nothing acknowledged when PostgreSQL is restarted (${mode}) under load, and goes on within 10 s`, async () => {
      const database = await withEntries(await server.newDatabase())
      const acknowledged: number[] = []
      const failures = new Set<string>()
      const run = new AbortController()
      const load = async (lane: number): Promise<void> => {
        for (let id = lane; !run.signal.aborted; id += 8) {
          try {
            await database.transaction(tx => tx.query('INSERT INTO entry VALUES ($1)', [id]))
            acknowledged.push(id)
          } catch (error) {
            failures.add(error instanceof DatabaseError ? error.sqlState : String(error))
            await sleep(50)
          }
        }
      }
      const lanes = Array.from({ length: 8 }, (_, lane) => load(lane))
      await sleep(500)
      await server.stop(mode)
      await server.start().catch((error: unknown) => {
        run.abort()
        throw error
      })
      const before = acknowledged.length
      const restarted = performance.now()
      while (acknowledged.length === before && performance.now() - restarted < 10_000) await sleep(20)
      run.abort()
      await Promise.all(lanes)
      assert.ok(acknowledged.length > before, 'it did not go on')
      assert.deepEqual([...failures], ['AppError: the database cannot be reached'])
      const kept = new Set((await database.query('SELECT id FROM entry')).rows.map(row => row['id']))
      assert.deepEqual(
        acknowledged.filter(id => !kept.has(id)),
        [],
      )
      await database.close()
    })
  }

  it('is not ended by the loss of connections that nobody uses at that moment', async () => {
    const lines: string[] = []
    const databaseUrl = await server.newDatabase()
    const database = openPostgresDatabase({ databaseUrl, log: { ...log, warn: event => void lines.push(event) } })
    await Promise.all([1, 2, 3].map(() => database.query('SELECT pg_sleep(0.1)')))
    await server.stop('immediate')
    await sleep(200)
    await assert.rejects(database.query('SELECT 1'), { code: 'database.unreachable' })
    await server.start()
    assert.equal((await database.query('SELECT 1')).count, 1)
    assert.deepEqual([...new Set(lines)], ['database.connection-lost'])
    await database.close()
  })

  it('reads in the log of the jobs that the database is away, and not that we are at fault', async () => {
    const lines: unknown[] = []
    const database = openPostgresDatabase({ databaseUrl: await server.newDatabase(), log })
    const told = { ...log, error: (event: string, fields?: object) => void lines.push({ event, ...fields }) }
    const jobs = createBossJobs({ database, log: told, pollingSeconds: 0.5 })
    jobs.handle({ name: 'greet', retries: 0 }, async () => undefined)
    await jobs.start()
    await server.stop('immediate')
    while (lines.length < 2) await sleep(50)
    await server.start()
    await database.query('DROP SCHEMA pgboss CASCADE')
    const away = lines.length
    while (lines.length === away) await sleep(50)
    await jobs.stop()
    await database.close()
    const unreachable = { event: 'jobs.error', code: 'database.unreachable' }
    assert.deepEqual(lines.slice(0, 2), [unreachable, unreachable])
    assert.deepEqual(lines.at(-1), { event: 'jobs.error', code: 'database.failed.42P01' })
  })

  it('ends a statement that runs too long, and leaves no transaction behind', async () => {
    const database = await withEntries(await server.newDatabase())
    const endless = database.transaction(async tx => {
      await tx.query('INSERT INTO entry VALUES (1)')
      await tx.query('SELECT pg_sleep(60)')
    })
    await assert.rejects(endless)
    await database.query('INSERT INTO entry VALUES (1)')
    await database.close()
  })

  it('tells that PostgreSQL is not there', async () => {
    const database = openPostgresDatabase({ databaseUrl: 'postgresql://postgres@127.0.0.1:1/none', log })
    await assert.rejects(database.query('SELECT 1'), { code: 'database.unreachable' })
    await database.close()
  })
})
