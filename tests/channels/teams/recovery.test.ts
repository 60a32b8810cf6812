import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { TeamsPerson } from '../../../emulator/teams-person.ts'
import type { ActivityBody } from '../../../services/conversations/activity.ts'
import { startTeamsServer, type TeamsServer } from './support/teams-server.ts'

const say = (text: string): ActivityBody => ({ type: 'message', text, textFormat: 'plain', locale: 'fr-MA' })

describe('a process dies with something to send', () => {
  let server: TeamsServer
  before(async () => void (server = await startTeamsServer()))
  after(() => server.close())

  async function open(): Promise<{ person: TeamsPerson; id: string }> {
    const person = server.newPerson()
    await person.installs()
    await person.waits(seen => seen.some(({ text }) => text === 'echo: conversationUpdate'))
    const { rows } = await server.database.query('select conversation_id from teams_conversation where account = $1', [
      person.chat.person.aadObjectId,
    ])
    return { person, id: String(rows[0]?.['conversation_id']) }
  }

  /** As its last turn committed them, with nobody left to tell of it. @param sending marked as on their way */
  async function leftBehind(id: string, texts: readonly string[], sending: number): Promise<void> {
    await server.database.transaction(async tx => {
      const positions: number[] = []
      for (const text of texts) {
        const { rows } = await tx.query(
          'update conversation set last_seq = last_seq + 1 where id = $1 returning last_seq',
          [id],
        )
        const position = Number(rows[0]?.['last_seq'])
        positions.push(position)
        await tx.query(
          `insert into activity (conversation_id, position, seq, direction, body, at) values ($1, $2, $2, 'out', $3, now())`,
          [id, position, JSON.stringify(say(text))],
        )
      }
      for (const position of positions.slice(0, sending))
        await tx.query("insert into activity_delivery (conversation_id, position, state) values ($1, $2, 'sending')", [
          id,
          position,
        ])
    })
  }
  const shown = (person: TeamsPerson, pattern: RegExp) =>
    person.waits(seen => seen.some(({ text }) => pattern.test(text)), 20_000)
  const texts = (person: TeamsPerson) => person.sees().map(({ text }) => text)

  it('which another takes up, in its order', async () => {
    const { person, id } = await open()
    await leftBehind(id, ['premier', 'deuxième'], 0)
    await shown(person, /deuxième/)
    assert.equal(texts(person).slice(1).join('\n\n'), 'premier\n\ndeuxième')
  })

  it('but not what was on its way already: it may have arrived', async () => {
    const { person, id } = await open()
    await leftBehind(id, ['en chemin', 'ensuite'], 1)
    await shown(person, /ensuite/)
    assert.deepEqual(texts(person).slice(1), ['ensuite'])
    const { rows } = await server.database.query(
      'select state from activity_delivery where conversation_id = $1 order by position',
      [id],
    )
    assert.deepEqual(rows.map(({ state }) => state).slice(0, 2), ['sent', 'uncertain'])
  })
})
