import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createConversationStore } from '../../../services/conversations/conversation-store.ts'
import { openPostgresDatabase, type PostgresDatabase } from '../../../services/storage/postgres/postgres-database.ts'
import { migrate } from '../../../services/storage/migrate.ts'
import { startPrivatePostgres, type PrivatePostgres } from '../../support/private-postgres.ts'
import { silentLog } from '../../support/silent-log.ts'

describe('a member whose message comes a second time while its turn ends', { timeout: 120_000 }, () => {
  let postgres: PrivatePostgres
  let database: PostgresDatabase

  before(async () => {
    postgres = await startPrivatePostgres()
    database = openPostgresDatabase({ databaseUrl: await postgres.newDatabase(), log: silentLog })
    await migrate(database, { log: silentLog })
  })
  after(async () => {
    await database.close()
    await postgres.close()
  })

  /** Resolves once so many statements wait for a lock. */
  async function untilWaiting(count: number): Promise<void> {
    const select = "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'"
    for (let looks = 0; (await database.query(select)).rows[0]?.['n'] !== count; looks++) {
      assert.ok(looks < 1_000, `${count} statements wait`)
      await delay(10)
    }
  }

  /** Holds the conversation's row. @returns how to let go, which runs `last` before */
  async function hold(id: string, last?: () => Promise<unknown>): Promise<() => Promise<void>> {
    let letGo = (): void => undefined
    const released = new Promise<void>(resolve => (letGo = resolve))
    let done: Promise<void> | undefined
    await new Promise<void>((held, failed) => {
      done = database
        .transaction(async tx => {
          await tx.query('select 1 from conversation where id = $1 for update', [id])
          held()
          await released
        })
        .catch(failed)
        .then(() => undefined)
    })
    return async () => {
      await last?.()
      letGo()
      await done
    }
  }

  it('has it taken in once, and its turn ended, whichever of the two comes first', async () => {
    const conversations = createConversationStore({ database, now: () => new Date() })
    const [id, clientId] = [randomUUID(), randomUUID()]
    const memberId = randomUUID()
    await database.query(`insert into member (id, ppr, name) values ($1, '1', 'Amina')`, [memberId])
    await conversations.create({ id, channel: 'webchat', memberId, language: 'fr' })
    const message = { clientId, body: { type: 'message', text: 'bonjour' } } as const

    const first = await hold(id)
    const taking = conversations.takeIn(id, message)
    await untilWaiting(1)
    // Each of the next two looked for the message before it was there, and waits for the conversation's row.
    const holding = hold(id)
    await untilWaiting(2)
    const again = conversations.takeIn(id, message)
    await untilWaiting(3)
    await first()
    const taken = await taking
    assert.equal(taken.taken, 'new')
    const letGo = await holding
    const [activity] = await conversations.due(id)
    assert.ok(activity)
    const end = conversations.endTurn(database, id, {
      ...{ activity, said: [activity.body], edits: [], state: '{}', language: 'fr' },
    })
    end.catch(() => undefined)
    again.catch(() => undefined)
    await untilWaiting(2)
    await letGo()
    assert.equal((await again).taken, 'again')
    assert.ok(await end, 'the turn is ended')
  })
})
