import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { createConversationStore } from '../../../services/conversations/conversation-store.ts'
import { createTeamsConversations } from '../../../services/conversations/teams-conversations.ts'
import { createTeamsDeliveries, type TeamsDeliveries } from '../../../services/conversations/teams-deliveries.ts'
import type { Database } from '../../../services/storage/database.ts'
import { migrate } from '../../../services/storage/migrate.ts'
import { silentLog } from '../../support/silent-log.ts'
import { describeColumns, type Place } from '../storage/support/columns.ts'

const now = () => new Date()
const id = 'teams-a'
const reference = {
  conversationId: id,
  teamsId: '19:a',
  serviceUrl: 'https://smba.example/emea/',
  botId: '28:bot',
  userId: '29:user',
  account: 'd0000000-0000-4000-8000-000000000001',
  accountName: '',
}

describeColumns('whoever delivers to Teams and has lost the lease meanwhile', column => {
  let place: Place
  let database: Database
  let deliveries: TeamsDeliveries

  before(async () => {
    place = await column.newPlace()
    database = (await place.open()).database
    await migrate(database, { log: silentLog })
    deliveries = createTeamsDeliveries({ database, now })
    await say(['b', 'c'])
  })

  after(() => place.remove())

  /** Behind a message of the member's. */
  async function say(texts: readonly string[]): Promise<void> {
    const conversations = createConversationStore({ database, now })
    const incoming = { body: { type: 'message', text: 'a' }, language: 'fr' } as const
    await createTeamsConversations({ database, conversations, now }).takeIn(reference, incoming)
    const [activity] = await conversations.due(id)
    assert.ok(activity)
    const said = texts.map(text => ({ type: 'message', text }) as const)
    const turn = { activity, said, edits: [], state: '{}', askedPosition: undefined, language: 'fr' } as const
    await conversations.endTurn(database, id, turn)
  }

  const states = async () =>
    (await deliveries.unsent(id, 30))?.outgoing.map(({ activity, known }) => [activity.body.text, known?.state])

  it('sends nothing of what another has taken, and marks nothing of what came with it', async () => {
    assert.deepEqual(await states(), [
      ['b', undefined],
      ['c', undefined],
    ])
    await deliveries.begin(id, [3])
    await assert.rejects(deliveries.begin(id, [2, 3]))
    await assert.rejects(deliveries.begin(id, [3]))
    assert.deepEqual(await states(), [
      ['b', undefined],
      ['c', 'sending'],
    ])
  })

  it('may send again what was postponed', async () => {
    await deliveries.postpone(id, { positions: [3], at: now() })
    await deliveries.begin(id, [2, 3])
    await deliveries.settle(id, { positions: [2, 3], state: 'sent', teamsActivityId: 'x', seq: 3 })
    assert.deepEqual(await states(), [])
  })

  it('settles nothing when what would leave next is another one’s', async () => {
    await say(['d', 'e'])
    await deliveries.begin(id, [5])
    await deliveries.begin(id, [6])
    const sent = { positions: [5], state: 'sent', teamsActivityId: 'y', seq: 5 } as const
    await assert.rejects(deliveries.settle(id, { ...sent, begins: [6] }))
    assert.deepEqual(await states(), [
      ['d', 'sending'],
      ['e', 'sending'],
    ])
    await deliveries.postpone(id, { positions: [6], at: now() })
    await deliveries.settle(id, { ...sent, begins: [6] })
    assert.deepEqual(await states(), [['e', 'sending']])
  })
})
