import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readBacklog } from '../../services/metrics/backlog.ts'
import type { Database } from '../../services/storage/database.ts'
import { createBossJobs } from '../../services/storage/boss-jobs.ts'
import type { Jobs } from '../../services/storage/jobs.ts'
import { silentLog } from '../support/silent-log.ts'
import { openFreshDatabase, type FreshDatabase } from '../support/fresh-database.ts'

const now = new Date('2026-03-02T10:00:00Z')
const secondsAgo = (seconds: number) => new Date(now.getTime() - seconds * 1000)
const member = 'd0000000-0000-4000-8000-000000000001'

describe('an operator who asks what waits', () => {
  let fresh: FreshDatabase
  let database: Database
  let jobs: Jobs
  before(async () => {
    fresh = await openFreshDatabase()
    database = fresh.database
    jobs = createBossJobs({ database, log: silentLog })
    await jobs.start()
    await database.query(`insert into member (id, ppr, name) values ($1, '1', 'x')`, [member])
  })
  after(async () => {
    await jobs.stop()
    await fresh.close()
  })

  /** A chat in Teams in which messages were said at these seconds before now, delivered up to `delivered`. */
  async function chat(id: string, said: readonly number[], delivered: number): Promise<void> {
    const last = secondsAgo(said.at(-1) ?? 0)
    await database.query(
      `insert into conversation (id, channel, member_id, language, last_seq, last_at) values ($1, 'msteams', $2, 'fr', $3, $4)`,
      [id, member, said.length, last],
    )
    await database.query(
      `insert into teams_conversation
         (conversation_id, teams_id, service_url, bot_id, user_id, account, account_name, seen_at, delivered_seq)
       values ($1, 't', 's', 'b', 'u', 'a', 'n', $2, $3)`,
      [id, last, delivered],
    )
    for (const [index, seconds] of said.entries())
      await database.query(
        `insert into activity (conversation_id, position, seq, direction, body, at) values ($1, $2, $2, 'out', '{}', $3)`,
        [id, index + 1, secondsAgo(seconds)],
      )
  }
  const teams = async () => (await readBacklog(database, now)).teams

  it('is told that nothing does', async () => {
    const { inbox, notices, teams: chats } = await readBacklog(database, now)
    for (const waiting of [inbox, notices, chats]) assert.deepEqual(waiting, { count: 0, oldest: 0 })
  })

  it('sees what members have not been told, from when it became true', async () => {
    const add = `insert into proactive_notice (member_id, kind, subject, created_at, taken_at) values ($1, 'dossierStatus', $2, $3, $4)`
    await database.query(add, [member, '1', secondsAgo(90), null])
    await database.query(add, [member, '2', secondsAgo(30), null])
    await database.query(add, [member, '3', secondsAgo(900), now])
    assert.deepEqual((await readBacklog(database, now)).notices, { count: 2, oldest: 90 })
  })

  it('sees the chats in Teams that wait, from their first message that has not left', async () => {
    await chat('told', [500, 400], 2)
    assert.deepEqual(await teams(), { count: 0, oldest: 0 })
    await chat('untold', [300, 200, 100], 1)
    await chat('new', [50], 0)
    assert.deepEqual(await teams(), { count: 2, oldest: 200 })
  })

  it('sees no chat whose member has removed the assistant', async () => {
    await database.query(`update teams_conversation set blocked_at = $1 where conversation_id = 'untold'`, [now])
    assert.deepEqual(await teams(), { count: 1, oldest: 50 })
  })

  it('counts an edit from when it was made, and not from when its message was said', async () => {
    await database.query(`update conversation set last_seq = 3, last_at = $1 where id = 'told'`, [secondsAgo(5)])
    await database.query(`update activity set seq = 3 where conversation_id = 'told' and position = 1`)
    await database.query(`delete from teams_conversation where conversation_id = 'new'`)
    assert.deepEqual(await teams(), { count: 1, oldest: 5 })
  })
})
