import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CardFactory, MessageFactory, TeamsInfo, type TurnContext } from 'botbuilder'
import { demoPeople } from '../../emulator/demo-people.ts'
import { startEmulator, type Emulator } from '../../emulator/start-emulator.ts'
import { createTeamsPerson, type TeamsPerson } from '../../emulator/teams-person.ts'
import { startStockBot, type StockBot } from './support/stock-bot.ts'

const card = (text: string, isOver = false) =>
  CardFactory.adaptiveCard({
    type: 'AdaptiveCard',
    version: '1.5',
    body: [{ type: 'TextBlock', text }],
    actions: isOver ? [] : [{ type: 'Action.Submit', title: 'Oui', data: { choice: 'yes' } }],
  })

async function logic(context: TurnContext): Promise<void> {
  const { activity } = context
  if (activity.type !== 'message') return
  if (activity.value) {
    const replaced = MessageFactory.attachment(card(`chosen: ${String(activity.value.choice)}`, true))
    await context.updateActivity({ ...replaced, id: activity.replyToId ?? '' })
  } else if (activity.text === 'card') await context.sendActivity(MessageFactory.attachment(card('Sure?')))
  else if (activity.text === 'who')
    await context.sendActivity((await TeamsInfo.getMember(context, activity.from.id)).email ?? '')
  else await context.sendActivity(`echo: ${activity.text}`)
}

describe("a developer whose bot runs on Microsoft's SDK", () => {
  let emulator: Emulator
  let bot: StockBot
  let person: TeamsPerson

  before(async () => {
    emulator = await startEmulator()
    bot = await startStockBot(emulator.settings, logic)
    emulator.connector.setBotUrl(bot.url)
    person = createTeamsPerson(emulator, demoPeople[0]!)
    await person.installs()
  })
  after(async () => {
    await bot.close()
    await emulator.close()
  })

  it('gets a message in and a reply out', async () => {
    const [delivery] = await person.says('bonjour')
    assert.equal(delivery?.status, 200)
    assert.equal(person.sees().at(-1)?.text, 'echo: bonjour')
  })
  it('replaces a card after its button was pressed', async () => {
    await person.says('card')
    const before = person.sees()
    await person.clicks('Oui')
    const seen = person.sees()
    assert.equal(seen.length, before.length)
    assert.deepEqual([seen.at(-1)?.text, seen.at(-1)?.edits, seen.at(-1)?.buttons], ['chosen: yes', 1, []])
  })
  it('looks the person up', async () => {
    await person.says('who')
    assert.equal(person.sees().at(-1)?.text, demoPeople[0]!.userPrincipalName)
  })
})
