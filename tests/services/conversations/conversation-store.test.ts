import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, it } from 'node:test'
import { createConversationStore } from '../../../services/conversations/conversation-store.ts'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import type { ActivityBody, StoredActivity } from '../../../services/conversations/activity.ts'
import type { Database, Transaction } from '../../../services/storage/database.ts'
import { migrate } from '../../../services/storage/migrate.ts'
import { silentLog } from '../../support/silent-log.ts'
import { describeColumns } from '../storage/support/columns.ts'
import type { Place } from '../storage/support/columns.ts'

const say = (text: string): ActivityBody => ({ type: 'message', text })

describeColumns('a conversation is kept', column => {
  let place: Place
  let database: Database
  let store: ConversationStore
  let ahead = 0

  before(async () => {
    place = await column.newPlace()
    database = (await place.open()).database
    await migrate(database, { log: silentLog })
    store = createConversationStore({ database, now: () => new Date(Date.now() + ahead) })
  })

  after(() => place.remove())

  async function opened(first?: ActivityBody) {
    const [id, memberId] = [randomUUID(), randomUUID()]
    await database.query('insert into member (id, ppr, name) values ($1, $2, $3)', [memberId, memberId, 'x'])
    await store.create({ id, channel: 'webchat', memberId, language: 'fr' }, first)
    return { id, memberId }
  }

  async function dueIn(id: string): Promise<StoredActivity> {
    const [first] = await store.due(id)
    assert.ok(first)
    return first
  }

  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>) => database.transaction(work)

  it('from its first activity, which is due', async () => {
    const { id, memberId } = await opened({ type: 'conversationUpdate', locale: 'ar-MA' })
    const [first, ...others] = await store.due(id)
    assert.deepEqual([first?.position, first?.seq, first?.direction, others.length], [1, 1, 'in', 0])
    const found = await store.find(id)
    assert.deepEqual([found?.memberId, found?.language, found?.state, found?.lastSeq], [memberId, 'fr', '{}', 1])
    assert.equal(await store.find(randomUUID()), undefined)
  })

  it('in the order in which messages were taken in, however many come at once', async () => {
    const { id } = await opened()
    const taken = await Promise.all(
      Array.from({ length: 50 }, (_, index) => store.takeIn(id, { body: say(`${index}`) })),
    )
    const positions = taken.map(outcome => (outcome.taken === 'new' ? outcome.position : 0))
    const due = await store.due(id)
    assert.equal(new Set(positions).size, 50)
    assert.deepEqual(
      due.map(({ seq }) => seq),
      Array.from({ length: 50 }, (_, index) => index + 1),
    )
    assert.ok(due.every(({ at }, index) => index === 0 || at > (due[index - 1]?.at ?? at)))
  })

  it('once for each client id, and its text as it can be stored', async () => {
    const { id } = await opened()
    const body = say('a\0b\ud800c')
    const taken = await Promise.all([1, 2, 3, 4].map(() => store.takeIn(id, { clientId: 'same', body })))
    assert.deepEqual(taken.map(outcome => outcome.taken).sort(), ['again', 'again', 'again', 'new'])
    assert.equal(new Set(taken.map(outcome => 'position' in outcome && outcome.position)).size, 1)
    assert.deepEqual(
      (await store.due(id)).map(activity => [activity.clientId, activity.body.text]),
      [['same', 'abc']],
    )
  })

  it('and long text cut, with a mark, between characters', async () => {
    const { id } = await opened()
    await store.takeIn(id, { body: say('x' + '😀'.repeat(3000)) })
    const [activity] = await store.due(id)
    assert.equal(activity?.body.truncated, true)
    assert.equal(activity?.body.text, 'x' + '😀'.repeat(1999))
  })

  it('so that a turn ends once, with its answers below and its edits in place', async () => {
    const { id } = await opened(say('bonjour'))
    const end = { activity: await dueIn(id), edits: [], state: '{"asked":1}', language: 'ar' } as const
    const ended = await store.endTurn(database, id, { ...end, said: [say('un'), say('deux')], askedPosition: -2 })
    assert.deepEqual(ended?.positions, [2, 3])
    assert.equal(await store.endTurn(database, id, { ...end, said: [say('trois')] }), undefined)
    await store.takeIn(id, { body: say('encore') })
    const edits = [{ position: 2, body: say('un, changé') }]
    await store.endTurn(database, id, { ...end, activity: await dueIn(id), said: [], edits, askedPosition: 3 })
    const shown = await store.latest(id, 10)
    assert.deepEqual(
      shown.map(({ body, position, seq }) => [body.text, position, seq]),
      [
        ['bonjour', 1, 1],
        ['un, changé', 2, 5],
        ['deux', 3, 3],
        ['encore', 4, 4],
      ],
    )
    assert.deepEqual(
      (await store.since(id, 2, 10)).map(({ seq }) => seq),
      [3, 4, 5],
    )
    assert.deepEqual(
      (await store.before(id, 3, 1)).map(({ position }) => position),
      [2],
    )
    const found = await store.find(id)
    assert.deepEqual([found?.language, found?.state, found?.askedPosition, found?.lastSeq], ['ar', '{"asked":1}', 3, 5])
  })

  it('and what came in while its turn ran is not passed over', async () => {
    const { id } = await opened(say('bonjour'))
    const activity = await dueIn(id)
    await store.takeIn(id, { body: say('vite') })
    await store.endTurn(database, id, { activity, said: [say('un')], edits: [], state: '{}', language: 'fr' })
    assert.deepEqual(
      (await store.since(id, 0, 10)).map(({ body }) => body.text),
      ['bonjour', 'vite', 'un'],
    )
  })

  it('and nothing of a turn that fails', async () => {
    const { id } = await opened(say('bonjour'))
    const activity = await dueIn(id)
    const failed = inTransaction(async tx => {
      await store.endTurn(tx, id, { activity, said: [say('un')], edits: [], state: '{}', language: 'fr' })
      throw new Error('as it happens')
    })
    await assert.rejects(failed)
    assert.deepEqual([(await store.due(id)).length, (await store.latest(id, 10)).length], [1, 1])
  })

  it('and found by whoever takes up turns that were cut short', async () => {
    const { id, memberId } = await opened(say('bonjour'))
    const withDue = async (ahead: number) => store.conversationsWithDue(new Date(Date.now() + ahead))
    assert.deepEqual(
      (await withDue(-1000)).filter(found => found.id === id),
      [],
    )
    assert.deepEqual(
      (await withDue(1000)).filter(found => found.id === id),
      [{ id, memberId }],
    )
  })

  it('until nothing has happened in it for long; then it takes nothing more in', async () => {
    const { id, memberId } = await opened()
    await store.takeIn(id, { clientId: 'known', body: say('x') })
    assert.equal((await store.openOf(memberId, 'webchat'))?.id, id)
    assert.equal(await store.openOf(memberId, 'msteams'), undefined)
    ahead = 60_000
    const other = await opened()
    assert.ok((await store.closeIdle(new Date(Date.now() + 30_000))) >= 1)
    ahead = 0
    assert.equal(await store.openOf(memberId, 'webchat'), undefined)
    assert.equal((await store.find(other.id))?.closedAt, undefined)
    assert.deepEqual(await store.takeIn(id, { body: say('y') }), { taken: 'closed' })
    assert.equal((await store.takeIn(id, { clientId: 'known', body: say('x') })).taken, 'again')
    assert.deepEqual(await store.takeIn(randomUUID(), { body: say('y') }), { taken: 'closed' })
  })

  it('one for a member, when several ask for it at once', async () => {
    const { memberId } = await opened()
    await database.query('update conversation set closed_at = now() where member_id = $1', [memberId])
    const ask = () => store.resumeOrCreate({ id: randomUUID(), channel: 'webchat', memberId, language: 'fr' })
    const outcomes = await Promise.all([ask(), ask(), ask()])
    assert.equal(new Set(outcomes.map(outcome => outcome?.id)).size, 1)
    assert.equal(outcomes.filter(outcome => outcome?.created).length, 1)
    assert.equal(
      await store.resumeOrCreate({ id: 'x', channel: 'webchat', memberId: randomUUID(), language: 'fr' }),
      undefined,
    )
  })
})
