import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { z } from 'zod'
import { demoPeople } from '../../emulator/demo-people.ts'
import { startLoopbackServer, type LoopbackServer } from '../../emulator/http/loopback-server.ts'
import { startEmulator, type Emulator } from '../../emulator/start-emulator.ts'
import { createTeamsPerson, type TeamsPerson } from '../../emulator/teams-person.ts'
import { accessToken, connectorCaller } from './support/call-connector.ts'

const heardSchema = z.looseObject({
  text: z.string().optional(),
  value: z.unknown().optional(),
  replyToId: z.string().optional(),
  attachments: z.array(z.looseObject({ contentType: z.string(), contentUrl: z.string().optional() })).optional(),
})

const submit = (title: string, choice: string) => ({ type: 'Action.Submit', title, data: { choice } })
const cardWith = (...actions: object[]) => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: {
        type: 'AdaptiveCard',
        version: '1.5',
        body: [
          { type: 'TextBlock', text: 'Which one?' },
          { type: 'Container', isVisible: false, items: [{ type: 'ActionSet', actions: [submit('Hidden', 'x')] }] },
        ],
        actions,
      },
    },
  ],
})

describe('a test that plays a person in Teams', () => {
  let emulator: Emulator
  let bot: LoopbackServer
  let person: TeamsPerson
  let token: string
  let heard: z.infer<typeof heardSchema>[] = []

  before(async () => {
    emulator = await startEmulator({ throttled: false })
    token = (await accessToken(emulator)).access_token
    bot = await startLoopbackServer({
      'POST /api/messages': async call => {
        heard.push(heardSchema.parse(JSON.parse((await call.bytes(1024 * 1024))?.toString('utf8') ?? '')))
        return { status: 200 }
      },
    })
    emulator.connector.setBotUrl(`${bot.url}/api/messages`)
    person = createTeamsPerson(emulator, demoPeople[0]!)
    person.chat.installed = true
  })
  beforeEach(() => {
    heard = []
    person.chat.messages.length = 0
  })
  after(async () => {
    await bot.close()
    await emulator.close()
  })

  async function botSends(body: object): Promise<string> {
    const path = `/${encodeURIComponent(person.chat.id)}/activities`
    return ((await connectorCaller(emulator, token)('POST', path, body)).json as { id: string }).id
  }

  it('presses the newest card that has the button, with what was filled in', async () => {
    await botSends(cardWith(submit('Oui', 'old')))
    const newest = await botSends(cardWith(submit('Oui', 'new'), submit('Non', 'no')))
    await botSends(cardWith(submit('Autre', 'other')))
    await person.clicks('Oui', { field: 'filled' })
    assert.deepEqual(
      [heard[0]?.value, heard[0]?.replyToId, heard[0]?.text],
      [{ choice: 'new', field: 'filled' }, newest, undefined],
    )
    assert.equal(person.sees().length, 3)
  })
  it('cannot press what is not there, or not seen', async () => {
    await botSends(cardWith(submit('Oui', 'yes'), { ...submit('Off', 'x'), isEnabled: false }))
    for (const title of ['Hidden', 'Off', 'Elsewhere']) await assert.rejects(person.clicks(title), /no button/)
    assert.equal(heard.length, 0)
  })
  it('says what was suggested, while it is under the newest message', async () => {
    const suggest = (...types: string[]) => ({
      type: 'message',
      text: 'Again?',
      suggestedActions: { actions: types.map((type, at) => ({ type, title: `${type} ${at}`, value: `said ${at}` })) },
    })
    await botSends(suggest('imBack', 'postBack', 'imBack', 'imBack'))
    assert.deepEqual(
      person.sees()[0]?.buttons.map(({ title }) => title),
      ['imBack 0', 'imBack 2'],
    )
    await person.clicks('imBack 2')
    assert.equal(heard[0]?.text, 'said 2')
    assert.deepEqual(person.sees()[0]?.buttons, [])
  })
  it('shares files, which come with a companion, and pictures, which only the bot can open', async () => {
    await person.sendsFiles([
      { bytes: Buffer.from('a'), name: 'a.pdf' },
      { bytes: Buffer.from('b'), name: 'b.pdf' },
    ])
    const info = 'application/vnd.microsoft.teams.file.download.info'
    assert.deepEqual(
      heard[0]?.attachments?.map(({ contentType }) => contentType),
      [info, info, 'text/html'],
    )
    await person.pastesImage(Buffer.from('picture'), 'image/png')
    const url = heard[1]?.attachments?.[0]?.contentUrl ?? ''
    assert.equal((await fetch(url)).status, 401)
    const opened = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    assert.deepEqual([opened.headers.get('content-type'), await opened.text()], ['image/png', 'picture'])
  })
  it('changes a message and takes it back, each told under its id', async () => {
    await person.says('avant')
    const { id } = person.sees()[0]!
    await person.edits(id, 'après')
    assert.equal(person.sees()[0]?.text, 'après')
    await person.withdraws(id)
    assert.deepEqual(person.sees(), [])
    assert.deepEqual(
      heard.map(activity => [activity['type'], activity['id'], activity.text]),
      [
        ['message', id, 'avant'],
        ['messageUpdate', id, 'après'],
        ['messageDelete', id, undefined],
      ],
    )
  })
  it('waits for what is to come, and tells what stands there when it does not', async () => {
    const later = person.waits(seen => seen.some(({ text }) => text === 'late'))
    await botSends({ type: 'message', text: 'early' })
    await botSends({ type: 'message', text: 'late' })
    assert.deepEqual(
      (await later).map(({ text }) => text),
      ['early', 'late'],
    )
    await assert.rejects(
      person.waits(() => false, 20),
      /not seen within 20 ms:\nbot: early/,
    )
  })
})
