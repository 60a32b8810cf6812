import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { recall } from '../../dialogs/conversation-memory.ts'
import { nextStep, steps, type Step } from '../../services/drafts/draft.ts'
import { openChat, type Chat } from '../support/chat.ts'
import { assertOneQuestion } from '../support/chat-rules.ts'
import { openOffice, type Office } from '../support/office.ts'
import { plainPdf } from '../support/pdfs.ts'
import { goTo } from '../support/shortcuts.ts'

/** What may have become of a conversation's state: wiped, broken, written by an older release, or by one with other steps. */
const losses: Readonly<Record<string, (state: string) => string>> = {
  'is gone': () => '{}',
  'is garbage': () => '\u0000{"stack":',
  'is of an older release': state => state.replace('{', '{"stackVersion":1,"stack":[{"id":"request","state":{}}],'),
  'names a question that is no more': state => state.replace(/"step":"\w+"/, '"step":"iban"'),
}

const words: Readonly<Record<Step, string>> = {
  consent: "j'accepte",
  rib: 'oui',
  beneficiary: 'enfant',
  person: 'Inès',
  motif: 'cancer',
  document: '',
  review: 'terminer',
}

const answers = {
  typed: async (chat: Chat, step: Step) => {
    if (step === 'document') await chat.attaches({ name: 'dossier.pdf', bytes: plainPdf() })
    else await chat.writes(words[step])
  },
  pressed: async (chat: Chat, step: Step) => {
    if (step === 'document') return chat.attaches({ name: 'dossier.pdf', bytes: plainPdf() })
    const titles = { ...buttons, document: '' }
    await chat.presses(titles[step])
  },
}

const buttons = {
  consent: "J'ai lu et j'accepte",
  rib: 'Confirmer',
  beneficiary: 'Enfant',
  person: 'Inès El Amrani',
  motif: 'Maladie oncologique',
  review: 'Terminer',
}

describe('a member answers after the dialogs have lost their state', () => {
  let office: Office
  before(async () => void (office = await openOffice()))
  after(() => office.close())

  async function stepNow(chat: Chat): Promise<Step | 'sent'> {
    const draft = await office.services.drafts.openOf(chat.memberId)
    return draft ? nextStep(draft) : 'sent'
  }

  async function lose(chat: Chat, loss: (state: string) => string): Promise<void> {
    const conversation = await office.services.conversations.find(chat.id)
    const state = loss(conversation?.state ?? '').replaceAll('\u0000', '')
    await office.database.query('update conversation set state = $2 where id = $1', [chat.id, state])
  }

  for (const [loss, lost] of Object.entries(losses))
    for (const [how, answer] of Object.entries(answers))
      it(`is asked nothing twice when the state ${loss}, an answer being ${how}`, async () => {
        const chat = await openChat(office, { ppr: await office.newcomer(), language: 'fr' })
        await goTo(office, chat, { to: 'consent' })
        for (const [index, step] of steps.entries()) {
          assert.equal(await stepNow(chat), step)
          await lose(chat, lost)
          await answer(chat, step)
          // Words need the question that they answer: it may be asked once more, and then they count.
          if ((await stepNow(chat)) === step) await answer(chat, step)
          assert.equal(await stepNow(chat), steps[index + 1] ?? 'sent')
          if (loss === 'is of an older release') await assertOneQuestion(office, chat)
        }
        assert.equal((await office.services.history.page(chat.memberId, { from: 0, count: 5 })).total, 1)
        assert.deepEqual(
          office.logged.filter(line => line.includes('failed')),
          [],
        )
      })

  it('takes a pressed button at once: it carries all that it needs', async () => {
    const chat = await openChat(office, { ppr: await office.newcomer(), language: 'fr' })
    await goTo(office, chat, { to: 'motif' })
    await lose(chat, () => '{}')
    await answers.pressed(chat, 'motif')
    assert.equal(await stepNow(chat), 'document')
  })

  it('keeps in the conversation nothing that the draft holds', async () => {
    const chat = await openChat(office, { ppr: await office.newcomer(), language: 'fr' })
    await goTo(office, chat, { to: 'review', beneficiary: 'child' })
    const conversation = await office.services.conversations.find(chat.id)
    const { state = '' } = conversation ?? {}
    assert.equal(recall({ state, ...conversation }).asked?.step, 'review')
    for (const answer of ['oncology', 'child', 'dossier.pdf', '1507']) assert.ok(!state.includes(answer), answer)
  })
})
