import { plainPdf } from './pdfs.ts'
import type { ChatWindow } from './chat-window.ts'
import { dialogWords } from './web-words.ts'

type Language = 'fr' | 'ar'

/** From the greeting to the question for the document. */
export async function reachDocument(chat: ChatWindow, language: Language): Promise<void> {
  const say = (key: string) => dialogWords(language, key)
  await chat.chip(say('button.request'))
  await chat.answer(say('button.accept'))
  await chat.answer(say('button.confirm'))
  await chat.answer(say('beneficiary.member'))
  await chat.answer(say('motif.oncology.title'))
  await chat.asked(say('document.ask'))
}

/** From the greeting to the review, with a real PDF. */
export async function reachReview(chat: ChatWindow, language: Language): Promise<void> {
  await reachDocument(chat, language)
  await chat.upload({ name: 'dossier médical.pdf', bytes: plainPdf() })
  await chat.asked(dialogWords(language, 'review.title'))
}
