import type { Words } from '../words/words.ts'
import { element } from './element.ts'

/** How far the chat in its frame has come. */
export type Opening = 'opening' | 'failed' | 'ready'

export type OpeningCover = {
  readonly element: HTMLElement
  readonly render: (words: Words, opening: Opening) => void
  readonly focus: () => void
}

const cross =
  '<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/></svg>'

/** Over the frame until the chat in it speaks: what a browser shows in a frame that does not load has no way out. */
export function createOpeningCover(actions: { close: () => void; retry: () => void }): OpeningCover {
  const cover = element('div', { class: 'cover' })
  const bar = element('div', { class: 'cover-bar' })
  const title = element('span', { class: 'cover-title' })
  const close = element('button', { class: 'cover-close', type: 'button' })
  const body = element('div', { class: 'cover-body' })
  const message = element('p', { class: 'cover-message' })
  const retry = element('button', { class: 'cover-retry', type: 'button' })
  close.innerHTML = cross
  close.addEventListener('click', actions.close)
  retry.addEventListener('click', actions.retry)
  bar.append(title, close)
  body.append(message, retry)
  cover.append(bar, body)

  return {
    element: cover,
    focus: () => close.focus(),
    render: (words, opening) => {
      cover.hidden = opening === 'ready'
      const isFailed = opening === 'failed'
      title.textContent = words.say('app.serviceName')
      close.setAttribute('aria-label', words.say('portal.closeChat'))
      message.setAttribute('role', isFailed ? 'alert' : 'status')
      message.classList.toggle('late', !isFailed)
      const text = words.say(isFailed ? 'widget.notOpening' : 'widget.connecting')
      // Set again, it would be read out again.
      if (message.textContent !== text) message.textContent = text
      retry.hidden = !isFailed
      retry.textContent = words.say('widget.retry')
    },
  }
}
