import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openChat, fromPage, type Chat } from '../../support/chat.ts'
import { openOffice, type Office } from '../../support/office.ts'
import { goTo } from '../../support/shortcuts.ts'

describe('Teams delivers an answer again, under another id', () => {
  let office: Office
  before(async () => void (office = await openOffice()))
  after(() => office.close())

  const open = async (to: Parameters<typeof goTo>[2]['to']): Promise<Chat> => {
    const chat = await openChat(office, { ppr: await office.newcomer(), language: 'fr', channel: 'msteams' })
    await goTo(office, chat, { to })
    await chat.heard()
    return chat
  }
  const draftOf = ({ memberId }: Chat) => office.services.drafts.openOf(memberId)
  const said = async (chat: Chat) => (await chat.heard()).map(([first]) => first)

  it('and it is no answer to the next question, which is shown once more', async () => {
    const chat = await open('consent')
    await chat.writes("J'accepte")
    assert.deepEqual((await said(chat)).at(-1), 'bot 2/6: Est-ce bien votre RIB ?')
    const before = await draftOf(chat)
    await chat.writes("J'accepte")
    assert.deepEqual(await draftOf(chat), before)
    assert.deepEqual((await said(chat)).at(-1), 'bot 2/6: Est-ce bien votre RIB ?')
  })

  it('and « retour » goes back once', async () => {
    const chat = await open('motif')
    await chat.writes('retour')
    const before = await draftOf(chat)
    await chat.writes('retour')
    assert.deepEqual(await draftOf(chat), before)
  })

  it('and a button counts once, without a word about it', async () => {
    const chat = await open('beneficiary')
    await chat.presses('Adhérent(e)')
    await chat.heard()
    await chat.pressesAgain()
    assert.deepEqual((await said(chat)).at(-1), 'bot 4/6: Quel est le motif de la demande ?')
  })

  it('and what was cancelled stays cancelled, silently', async () => {
    const chat = await open('motif')
    await chat.writes('annuler')
    await chat.writes('oui')
    await chat.heard()
    await chat.writes('oui')
    assert.deepEqual(await said(chat), [])
  })

  it('and « Terminer » is answered with the number that there is', async () => {
    const chat = await open('review')
    await chat.writes('Terminer')
    await chat.heard()
    await chat.writes('Terminer')
    assert.match((await said(chat)).join('\n'), /AES-2026-/)
  })

  it('but a minute later the same word is an answer again', async () => {
    const chat = await open('motif')
    await chat.writes('retour')
    const before = await draftOf(chat)
    office.clock.at = new Date(office.clock.at.getTime() + 60_000)
    await chat.writes('retour')
    assert.notDeepEqual(await draftOf(chat), before)
  })

  it('and in the web chat, which delivers nothing again, the same word counts at once', async () => {
    const chat = await openChat(office, { ppr: await office.newcomer(), language: 'fr' })
    await goTo(office, chat, { to: 'motif' })
    await chat.sends(fromPage({ text: 'retour' }))
    const before = await draftOf(chat)
    await chat.sends(fromPage({ text: 'retour' }))
    assert.notDeepEqual(await draftOf(chat), before)
  })
})
