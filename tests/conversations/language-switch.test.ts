import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { recall } from '../../dialogs/conversation-memory.ts'
import type { QuestionName } from '../../dialogs/token.ts'
import { steps, type Step } from '../../services/drafts/draft.ts'
import { languages, type Language } from '../../services/language.ts'
import { cardButtonsOf } from '../support/chat-lines.ts'
import { assertLanguages, assertOneQuestion } from '../support/chat-rules.ts'
import { fromPage, openChat, type Chat } from '../support/chat.ts'
import { openOffice, type Office } from '../support/office.ts'
import { goTo } from '../support/shortcuts.ts'

const confirmations: Readonly<Partial<Record<QuestionName, (chat: Chat) => Promise<void>>>> = {
  cancel: chat => chat.sends(fromPage({ value: { v: 1, command: 'cancel' } })),
  restart: chat => chat.sends(fromPage({ value: { v: 1, command: 'restart' } })),
  resume: chat => chat.sends({ type: 'event', name: 'moussaada/returned' }),
}
const questions = [...steps, 'cancel', 'restart', 'resume'] as const
const isStep = (name: QuestionName): name is Step => steps.some(step => step === name)

const switches = {
  'by the button': (chat: Chat, to: Language) =>
    chat.sends(fromPage({ value: { v: 1, command: 'language', choice: to } })),
  'by a word': (chat: Chat, to: Language) => chat.writes(to === 'ar' ? 'بالعربية' : 'français'),
}

/** Understood at every question, and no answer to any. */
const inTheOther = {
  fr: ['شحال غادي تعطيوني', 'chhal ghadi t3tiwni'],
  ar: ["quel est le montant de l'aide", 'combien allez vous me donner'],
}
const undo = { fr: 'Revenir au français', ar: 'العودة إلى العربية' }

describe('a member changes the language in the middle of a request', () => {
  let office: Office
  before(async () => void (office = await openOffice()))
  after(() => office.close())

  async function standAt(question: QuestionName, language: Language): Promise<Chat> {
    const chat = await openChat(office, { ppr: await office.newcomer(), language })
    await goTo(office, chat, { to: isStep(question) ? question : 'document', beneficiary: 'child' })
    await confirmations[question]?.(chat)
    return chat
  }

  const lastOf = async (chat: Chat) => (await chat.transcript()).at(-1)?.body

  async function state(chat: Chat) {
    const conversation = await office.services.conversations.find(chat.id)
    const { asked } = recall(conversation ?? { state: '' })
    return {
      draft: await office.services.drafts.openOf(chat.memberId),
      asked: asked && { step: asked.step, version: asked.version },
    }
  }

  for (const question of questions)
    for (const language of languages)
      for (const [how, change] of Object.entries(switches))
        it(`sees « ${question} » again ${how}, from ${language}, with the same answers`, async () => {
          const other = language === 'fr' ? 'ar' : 'fr'
          const chat = await standAt(question, language)
          const before = await state(chat)
          await change(chat, other)
          assert.deepEqual(await state(chat), before)
          const last = (await chat.transcript()).at(-1)?.body
          assert.equal(last?.locale, `${other}-MA`)
          assert.equal(last?.attachments?.length, 1)
          if (question !== 'document') assert.ok(cardButtonsOf(last).length > 0)
          assertLanguages(await chat.transcript())
          await assertOneQuestion(office, chat)
          await change(chat, language)
          assert.deepEqual(await state(chat), before)
        })

  for (const question of questions)
    for (const language of languages)
      it(`is followed at « ${question} » from ${language}, and finds the same question when taking that back`, async () => {
        const chat = await standAt(question, language)
        const before = await state(chat)
        // Until the notice is accepted, a single sentence would decide.
        if (question === 'consent')
          await chat.sends(fromPage({ value: { v: 1, command: 'language', choice: language } }))
        for (const text of inTheOther[language]) {
          assert.equal((await lastOf(chat))?.locale, `${language}-MA`)
          await chat.writes(text)
        }
        assert.equal((await lastOf(chat))?.locale, language === 'fr' ? 'ar-MA' : 'fr-MA')
        await chat.presses(undo[language])
        assert.deepEqual(await state(chat), before)
        assert.equal((await lastOf(chat))?.locale, `${language}-MA`)
        await assertOneQuestion(office, chat)
      })

  it('is not followed for courtesies, numbers, names and the names of files', async () => {
    const chat = await standAt('motif', 'ar')
    for (const text of [
      'oui',
      'merci ok',
      '2',
      'Youssef El Amrani',
      'compte rendu hopital.pdf',
      'd’accord merci bonjour',
    ])
      await chat.writes(text)
    assert.equal((await lastOf(chat))?.locale, 'ar-MA')
  })
})
