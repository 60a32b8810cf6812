import type { Theme } from '../host-config.ts'
import type { MessageView, PageView } from '../view.ts'
import { element, icon } from './element.ts'
import { drawMessage } from './message.ts'
import { act, sendFile } from './server.ts'
import { wordsOf, type Words } from './words.ts'

export interface ChatOptions {
  readonly person: string
  readonly theme: Theme
  /** How the next file goes wrong. */
  readonly fileFault: () => string
}

interface SuggestedActions {
  readonly actions: readonly { readonly type: string; readonly title: string; readonly value?: string }[]
}

/** Teams shows three at most, and those only that are words to say. */
const shownSuggestions = 3

function drawSuggestions(newest: MessageView | undefined, person: string): HTMLElement {
  const suggested = newest?.from === 'bot' ? newest.activity['suggestedActions'] : undefined
  const { actions } = (suggested ?? { actions: [] }) as SuggestedActions
  const buttons = actions
    .slice(0, shownSuggestions)
    .filter(({ type }) => type === 'imBack')
    .map(({ title, value }) =>
      element('button', { onClick: () => void act(person, { does: 'says', text: value ?? title }) }, title),
    )
  return element('div', { class: 'suggestions' }, ...buttons)
}

function drawCompose(words: Words, { person, fileFault }: ChatOptions): HTMLElement {
  const picker = element('input', { type: 'file', class: 'picker', label: words.attach })
  picker.tabIndex = -1
  picker.addEventListener('change', () => {
    for (const file of picker.files ?? []) void sendFile(person, file, fileFault())
    picker.value = ''
  })
  const box = element('textarea', { placeholder: words.compose, label: words.compose, dir: 'auto' })
  box.rows = 1
  function send(): void {
    const text = box.value.trim()
    box.value = ''
    if (text !== '') void act(person, { does: 'says', text })
  }
  box.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    send()
  })
  const attach = element('button', { label: words.attach, onClick: () => picker.click() }, icon('attach'))
  const submit = element('button', { label: words.send, class: 'send', onClick: send }, icon('send'))
  return element('div', { class: 'compose' }, picker, attach, box, submit)
}

function drawEmpty(words: Words, person: string): HTMLElement {
  const add = (): void => void act(person, { does: 'installs' })
  return element(
    'div',
    { class: 'empty' },
    words.empty,
    element('button', { class: 'primary', onClick: add }, words.add),
  )
}

/** The chat of one person; drawn anew message by message, so that what stands in a card's fields stays. */
export function openChat(root: HTMLElement, options: ChatOptions) {
  const { person, theme } = options
  const drawn = new Map<string, { key: string; node: HTMLElement }>()
  const list = element('div', { class: 'messages', role: 'log' })
  let frameLocale = ''

  function frame(view: PageView): void {
    if (frameLocale === view.locale) return
    frameLocale = view.locale
    const words = wordsOf(view.locale)
    document.documentElement.lang = view.locale.slice(0, 2)
    document.documentElement.dir = words.direction
    const title = element('div', { class: 'title' }, element('div', { class: 'avatar' }, 'M'), 'Moussaada')
    root.replaceChildren(title, list, element('div', { class: 'below' }), drawCompose(words, options))
    drawn.clear()
  }

  function nodeOf(message: MessageView, { locale }: PageView): HTMLElement {
    const key = `${message.edits}`
    const known = drawn.get(message.id)
    if (known?.key === key) return known.node
    const node = drawMessage(message, {
      words: wordsOf(locale),
      locale,
      theme,
      onSubmit: (cardId, value) => void act(person, { does: 'submits', cardId, value }),
      onLike: messageId => void act(person, { does: 'reacts', messageId }),
    })
    drawn.set(message.id, { key, node })
    return node
  }

  return (view: PageView): void => {
    frame(view)
    const words = wordsOf(view.locale)
    const nodes = view.messages.map(message => nodeOf(message, view))
    const isNew = nodes.at(-1) !== list.querySelector('.message:last-child')
    if (!view.installed && nodes.length === 0) list.replaceChildren(drawEmpty(words, person))
    else if (nodes.length !== list.children.length || nodes.some((node, index) => node !== list.children[index]))
      list.replaceChildren(...nodes)
    const typing = element('div', { class: 'typing' }, view.typing ? words.typing : '')
    root.querySelector('.below')?.replaceChildren(typing, drawSuggestions(view.messages.at(-1), person))
    if (isNew) list.scrollTop = list.scrollHeight
  }
}
