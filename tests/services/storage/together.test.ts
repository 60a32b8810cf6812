import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '../../../services/storage/database.ts'
import { describeColumns, type Place } from './support/columns.ts'

describeColumns('many members who write at the same moment want each their own answer', column => {
  let place: Place
  let database: Database
  before(async () => {
    place = await column.newPlace()
    database = (await place.open()).database
    await database.query('create table told (id int primary key, text text not null)')
  })
  after(() => place.remove())

  const tell = (id: number, text: string) => database.query('insert into told values ($1, $2)', [id, text])
  const told = async (id: number) =>
    (await database.query('select text from told where id = $1', [id])).rows.map(row => row['text'])

  it('each its own, in whatever order they are asked', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => index)
    await Promise.all(ids.map(id => tell(id, `mot ${id}`)))
    const answers = await Promise.all(ids.toReversed().map(told))
    assert.deepEqual(
      answers,
      ids.toReversed().map(id => [`mot ${id}`]),
    )
  })

  it('and one that fails takes none of the others along', async () => {
    const outcomes = await Promise.allSettled([tell(300, 'a'), tell(300, 'b'), tell(301, 'c'), told(0)])
    const statuses = outcomes.map(({ status }) => status)
    // Which of two that go by different connections comes first is theirs to say.
    assert.deepEqual(statuses.slice(0, 2).toSorted(), ['fulfilled', 'rejected'])
    assert.deepEqual(statuses.slice(2), ['fulfilled', 'fulfilled'])
    assert.deepEqual([await told(300), await told(301)], [[statuses[0] === 'fulfilled' ? 'a' : 'b'], ['c']])
  })

  it('and sees nothing of what another has not finished', async () => {
    const { promise: half, resolve: isHalf } = Promise.withResolvers<void>()
    const writing = database.transaction(async tx => {
      await tx.query('insert into told values (400, $1)', ['à moitié'])
      isHalf()
      await delay(50)
      await tx.query('update told set text = $1 where id = 400', ['entier'])
    })
    await half
    const [seen] = await Promise.all([told(400), writing])
    // The embedded base answers when the transaction is done, a server from what was there before.
    assert.ok(['[]', '["entier"]'].includes(JSON.stringify(seen)), JSON.stringify(seen))
  })
})
