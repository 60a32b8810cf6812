import type { MessageView } from '../view.ts'
import { drawCard, type CardOptions } from './card.ts'
import { element, icon } from './element.ts'
import { markdownToHtml } from './markdown.ts'
import type { Words } from './words.ts'

interface Part {
  readonly contentType: string
  readonly content?: unknown
  readonly name?: string
}

interface Message {
  readonly text?: string
  readonly textFormat?: string
  readonly attachments?: readonly Part[]
}

export interface MessageOptions extends Omit<CardOptions, 'onSubmit'> {
  readonly words: Words
  readonly locale: string
  readonly onSubmit: (cardId: string, value: unknown) => void
  readonly onLike: (messageId: string) => void
}

const adaptive = 'application/vnd.microsoft.card.adaptive'
const sharedFile = 'application/vnd.microsoft.teams.file.download.info'

function drawText({ text, textFormat }: Message): HTMLElement | undefined {
  if (!text) return undefined
  const drawn = element('div', { class: 'text', dir: 'auto' })
  if (textFormat === 'plain') drawn.textContent = text
  else drawn.innerHTML = markdownToHtml(text)
  return drawn
}

function drawPart(part: Part, view: MessageView, options: MessageOptions): HTMLElement | undefined {
  if (part.contentType === adaptive)
    return drawCard(part.content, { theme: options.theme, onSubmit: value => options.onSubmit(view.id, value) })
  if (part.contentType === sharedFile)
    return element('div', { class: 'file', dir: 'auto' }, icon('file'), part.name ?? '')
  if (part.contentType === 'text/html') return undefined
  return element('pre', { class: 'other', dir: 'ltr' }, JSON.stringify(part.content, undefined, 1))
}

function drawHead({ from, at, edits }: MessageView, { words, locale }: MessageOptions): HTMLElement {
  const time = new Date(at).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })
  return element(
    'div',
    { class: 'head' },
    from === 'bot' && element('span', { class: 'sender' }, 'Moussaada'),
    element('time', {}, time),
    edits > 0 && element('span', { class: 'edited' }, words.edited),
  )
}

/** One message with its cards and files, on the side of who wrote it. */
export function drawMessage(view: MessageView, options: MessageOptions): HTMLElement {
  const message = view.activity as Message
  const parts = (message.attachments ?? []).map(part => drawPart(part, view, options))
  const bubble = element('div', { class: 'bubble' }, drawText(message), ...parts)
  const like = (): void => options.onLike(view.id)
  return element(
    'article',
    { class: `message ${view.from}` },
    view.from === 'bot' && element('div', { class: 'avatar' }, 'M'),
    element(
      'div',
      { class: 'column' },
      drawHead(view, options),
      bubble,
      view.from === 'bot' &&
        element('button', { class: 'like', label: options.words.like, onClick: like }, icon('like')),
    ),
  )
}
