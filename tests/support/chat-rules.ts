import assert from 'node:assert/strict'
import { z } from 'zod'
import { recall } from '../../dialogs/conversation-memory.ts'
import { answerValue, type AnswerValue } from '../../dialogs/token.ts'
import { nextStep, type Draft } from '../../services/drafts/draft.ts'
import type { StoredActivity } from '../../services/conversations/activity.ts'
import { cardButtonsOf, linesOf } from './chat-lines.ts'
import type { Chat } from './chat.ts'
import type { Office } from './office.ts'

const cards = z.array(z.looseObject({ content: z.looseObject({ lang: z.string(), rtl: z.boolean().optional() }) }))

/** Names and words that belong to neither language, or that name the other one. */
const foreign = {
  fr: /العودة إلى العربية|العربية|ياسين العمراني|سناء التازي/g,
  ar: /Revenir au français|Youssef El Amrani|Nadia Berrada|Inès El Amrani|Attijariwafa Bank|Français|PET SCAN|PDF|RIB|DOSSIER|AES-\d{4}-\d{6,}|https:\S+|\S+\.pdf|iPhone|Google Drive|Android/g,
}
const lettersOfTheOther = { fr: /\p{Script=Arabic}/u, ar: /\p{Script=Latin}/u }

const byBot = (transcript: readonly StoredActivity[]) => transcript.filter(({ direction }) => direction === 'out')

/** Every message is in its own language, letters and direction alike. */
export function assertLanguages(transcript: readonly StoredActivity[]): void {
  for (const { body } of byBot(transcript)) {
    const language = body.locale === 'ar-MA' ? 'ar' : 'fr'
    for (const line of linesOf(body)) {
      assert.doesNotMatch(line.replaceAll(foreign[language], ''), lettersOfTheOther[language])
    }
    for (const { content } of cards.parse(body.attachments ?? [])) {
      assert.equal(content.lang, language)
      assert.equal(content.rtl ?? false, language === 'ar')
    }
  }
}

function answersOn({ body }: StoredActivity): AnswerValue[] {
  return cardButtonsOf(body).flatMap(({ value }) => answerValue.safeParse(value).data ?? [])
}

/** Nothing can be pressed but the answers to the question that stands now. */
export async function assertOneQuestion(office: Office, chat: Chat): Promise<void> {
  const draft = await office.services.drafts.openOf(chat.memberId)
  const conversation = await office.services.conversations.find(chat.id)
  const asked = recall(conversation ?? { state: '' }).asked
  const live = byBot(await chat.transcript()).filter(said => answersOn(said).length > 0)
  assert.ok(live.length <= 1, 'cards of two questions can be answered')
  if (!draft) return assert.equal(live.length, 0, 'a button lives that answers nothing')
  const [card] = live
  if (!card) return assert.ok(waits(draft) || asked?.closed || !asked, `nothing can be pressed at ${nextStep(draft)}`)
  assert.equal(card.position, asked?.position)
  for (const { draft: id, version, step } of answersOn(card)) {
    assert.deepEqual({ id, version, step }, { id: draft.id, version: draft.version, step: asked?.step })
  }
}

/** Answered by a file. */
const waits = (draft: Draft) => nextStep(draft) === 'document'
