import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, it } from 'node:test'
import type { ActivityBody } from '../../../services/conversations/activity.ts'
import { createConversationStore } from '../../../services/conversations/conversation-store.ts'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import type { Edit } from '../../../services/conversations/end-turn.ts'
import { createDueTurns } from '../../../services/conversations/due-turn.ts'
import type { DueTurn, DueTurns } from '../../../services/conversations/due-turn.ts'
import { createKeyring, generateSecretKey } from '../../../services/keys/keyring.ts'
import type { Database } from '../../../services/storage/database.ts'
import type { StatementPart } from '../../../services/storage/statement-part.ts'
import { migrate } from '../../../services/storage/migrate.ts'
import { silentLog } from '../../support/silent-log.ts'
import { describeColumns } from '../storage/support/columns.ts'
import type { Place } from '../storage/support/columns.ts'

/** A change of a draft that is there no more. */
const unchanged: StatementPart = { text: (_, condition) => `select 1 as id where false and ${condition}`, values: [] }

const say = (text: string): ActivityBody => ({ type: 'message', text })

describeColumns('what a member has just sent is stored with what is said to it', column => {
  let place: Place
  let database: Database
  let store: ConversationStore
  let dueTurns: DueTurns
  const now = () => new Date()

  before(async () => {
    place = await column.newPlace()
    database = (await place.open()).database
    await migrate(database, { log: silentLog })
    store = createConversationStore({ database, now })
    dueTurns = createDueTurns({ database, keyring: createKeyring(generateSecretKey()), now })
  })

  after(() => place.remove())

  async function opened(): Promise<{ id: string; memberId: string }> {
    const [id, memberId] = [randomUUID(), randomUUID()]
    await database.query('insert into member (id, ppr, name) values ($1, $2, $3)', [memberId, memberId, 'x'])
    await store.create({ id, channel: 'webchat', memberId, language: 'fr' })
    return { id, memberId }
  }

  async function arrivingIn(id: string, text: string, clientId: string = randomUUID()): Promise<DueTurn> {
    const arrival = await dueTurns.arriving(id, { clientId, body: say(text) })
    assert.equal(arrival.taken, 'now')
    return arrival.turn
  }

  const end = ({ activity }: DueTurn, said: string, edits: readonly Edit[] = []) =>
    store.endTurn(database, activity.conversationId, {
      activity,
      isArriving: true,
      said: [say(said)],
      edits,
      state: `{"said":"${said}"}`,
      language: 'ar',
    })

  it('in one commit, and told as it would be read', async () => {
    const { id, memberId } = await opened()
    const first = await end(await arrivingIn(id, 'bonjour'), 'un')
    assert.deepEqual(first?.positions, [2])
    const ended = await end(await arrivingIn(id, 'et', 'the-id'), 'deux', [{ position: 2, body: say('un, changé') }])
    const shown = await store.latest(id, 10)
    assert.deepEqual(
      shown.map(({ body, position, seq, direction, due }) => [body.text, position, seq, direction, due]),
      [
        ['bonjour', 1, 1, 'in', false],
        ['un, changé', 2, 4, 'out', false],
        ['et', 3, 3, 'in', false],
        ['deux', 5, 5, 'out', false],
      ],
    )
    assert.equal(ended?.tail?.after, 2)
    assert.deepEqual(ended.tail.activities, await store.since(id, 2, 10))
    const found = await store.find(id)
    assert.deepEqual([found?.state, found?.language, found?.lastSeq], ['{"said":"deux"}', 'ar', 5])
    const again = await dueTurns.arriving(id, { clientId: 'the-id', body: say('et') })
    assert.deepEqual(again, { taken: 'again', position: 3, memberId })
  })

  it('and not at all when something else came into the conversation meanwhile', async () => {
    const { id } = await opened()
    const turn = await arrivingIn(id, 'bonjour')
    await store.takeIn(id, { body: say('plus vite') })
    assert.equal(await end(turn, 'un'), undefined)
    assert.deepEqual(
      (await store.latest(id, 10)).map(({ body }) => body.text),
      ['plus vite'],
    )
    assert.deepEqual(await dueTurns.arriving(id, { body: say('encore') }), { taken: 'behind' })
  })

  it('once, of two at the same time', async () => {
    const { id } = await opened()
    const turns = [await arrivingIn(id, 'un'), await arrivingIn(id, 'deux')]
    const ended = await Promise.all(turns.map(turn => end(turn, 'dit')))
    assert.equal(ended.filter(one => one !== undefined).length, 1)
    assert.equal((await store.latest(id, 10)).length, 2)
  })

  it('and not at all when the draft is not as it was read', async () => {
    const { id } = await opened()
    const turn = await arrivingIn(id, 'bonjour')
    const { activity } = turn
    const said = { said: [say('un')], edits: [], state: '{}', language: 'fr' } as const
    assert.equal(
      await store.endTurn(database, id, { activity, isArriving: true, ...said, draft: unchanged }),
      undefined,
    )
    assert.deepEqual(await store.latest(id, 10), [])
  })

  it('and not into a conversation that is closed', async () => {
    const { id } = await opened()
    const turn = await arrivingIn(id, 'bonjour')
    await database.query('update conversation set closed_at = now() where id = $1', [id])
    assert.equal(await end(turn, 'un'), undefined)
    assert.deepEqual(await dueTurns.arriving(id, { body: say('encore') }), { taken: 'closed' })
    assert.deepEqual(await dueTurns.arriving(randomUUID(), { body: say('encore') }), { taken: 'closed' })
  })

  it('after it is told what a turn said to what was taken in first', async () => {
    const { id } = await opened()
    await store.takeIn(id, { body: say('bonjour') })
    const turn = await dueTurns.next(id)
    assert.ok(turn)
    const { activity } = turn
    const said = { said: [say('un')], edits: [], state: '{}', language: 'fr' } as const
    const ended = await store.endTurn(database, id, { activity, ...said })
    assert.deepEqual(ended?.tail?.activities, await store.since(id, 0, 10))
    await store.takeIn(id, { body: say('et') })
    const next = await dueTurns.next(id)
    await store.takeIn(id, { body: say('vite') })
    assert.ok(next)
    const interrupted = await store.endTurn(database, id, { activity: next.activity, ...said })
    assert.equal(interrupted?.tail, undefined, 'something else lies between')
  })
})
