import type { Words } from '../words/words.ts'
import { element } from './element.ts'
import { addStyles, launcherStyles } from './launcher-styles.ts'
import { createOpeningCover } from './opening-cover.ts'
import type { Opening } from './opening-cover.ts'

export type LauncherActions = {
  readonly open: () => void
  readonly close: () => void
  readonly retry: () => void
  /** Tabbing left the chat at one end. */
  readonly reenter: (at: 'start' | 'end') => void
}

export type LauncherView = {
  readonly render: (state: { words: Words; isOpen: boolean; opening: Opening; unread: number }) => void
  readonly show: (frame: HTMLIFrameElement) => void
  /** What stands in the page. */
  readonly host: HTMLElement
  readonly focusOpener: () => void
  readonly focusCover: () => void
  readonly hasFocus: () => boolean
  /** Whether the chat fills the window. */
  readonly isModal: () => boolean
  readonly remove: () => void
}

const star =
  '<svg viewBox="0 0 48 48" width="30" height="30" aria-hidden="true"><path d="M10 10h28v28H10z M24 4.2L43.8 24 24 43.8 4.2 24z" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linejoin="round"/><circle cx="24" cy="24" r="6" fill="currentColor"/></svg>'

/** As narrow or low as this, the chat takes the whole window and is modal. */
const fullScreen = '(max-width: 560px), (max-height: 520px)'

/** The button and the panel in a shadow tree, where the host page's styles cannot reach them. */
export function createView({ open, close, retry, reenter }: LauncherActions): LauncherView {
  const host = document.createElement('moussaada-launcher')
  const root = host.attachShadow({ mode: 'open' })
  addStyles(root, launcherStyles)
  const opener = element('button', { class: 'opener', type: 'button', 'aria-haspopup': 'dialog' })
  const panel = element('div', { class: 'panel', role: 'dialog' })
  const badge = element('span', { class: 'badge' })
  const label = element('span', {})
  opener.insertAdjacentHTML('afterbegin', star)
  opener.append(label, badge)
  opener.addEventListener('click', open)
  panel.addEventListener('keydown', event => event.key === 'Escape' && close())
  const cover = createOpeningCover({ close, retry })
  panel.append(cover.element)
  root.append(opener, panel)
  document.body.append(host)

  const modal = matchMedia(fullScreen)
  const showModal = (): void => panel.setAttribute('aria-modal', String(modal.matches))
  modal.addEventListener?.('change', showModal)
  keepFocusInside(panel, modal, reenter)

  return {
    host,
    render: ({ words, isOpen, opening, unread }) => {
      host.dir = words.direction
      host.lang = words.language
      opener.hidden = isOpen
      panel.hidden = !isOpen
      panel.classList.toggle('covered', opening !== 'ready')
      cover.render(words, opening)
      label.textContent = words.say('portal.openChat')
      badge.hidden = unread === 0
      badge.textContent = String(unread)
      badge.setAttribute('aria-label', words.count('widget.unread', unread))
      badge.setAttribute('role', 'img')
      panel.setAttribute('aria-label', words.say('a11y.chatWindow'))
      showModal()
    },
    show: frame => frame.parentNode !== panel && panel.insertBefore(frame, panel.lastChild),
    focusOpener: () => opener.focus(),
    focusCover: () => cover.focus(),
    hasFocus: () => root.activeElement !== null && !opener.matches(':focus'),
    isModal: () => modal.matches,
    remove: () => host.remove(),
  }
}

/** When the chat fills the window, tabbing out of it leads back into it. Otherwise the page around stays reachable. */
function keepFocusInside(panel: HTMLElement, modal: MediaQueryList, reenter: LauncherActions['reenter']): void {
  const [before, after] = [element('div', { class: 'edge' }), element('div', { class: 'edge' })]
  const edges = [before, after]
  const arm = (): void => edges.forEach(edge => edge.setAttribute('tabindex', modal.matches ? '0' : '-1'))
  before.addEventListener('focus', () => reenter('end'))
  after.addEventListener('focus', () => reenter('start'))
  panel.append(...edges)
  modal.addEventListener?.('change', arm)
  arm()
}
