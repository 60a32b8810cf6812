import ar from '../../locales/ar/web.json' with { type: 'json' }
import fr from '../../locales/fr/web.json' with { type: 'json' }
import type { Language } from '../../services/language.ts'
import { createWords } from '../words/words.ts'
import { createChatFrame } from './chat-frame.ts'
import type { ChatFrame } from './chat-frame.ts'
import { createView } from './launcher-view.ts'
import type { LauncherView } from './launcher-view.ts'

const books = { fr, ar }

type Settings = { readonly origin: string; readonly tokenUrl: string; readonly language: Language }

/** Read at once: a script knows itself only while it runs for the first time. */
function readSettings(script: HTMLScriptElement): Settings {
  const { origin } = new URL(script.src)
  const locale = script.dataset['locale'] ?? document.documentElement.lang
  return {
    origin,
    tokenUrl: new URL(script.dataset['tokenUrl'] ?? '/webchat/token', location.href).href,
    language: locale.toLowerCase().startsWith('ar') ? 'ar' : 'fr',
  }
}

type Launcher = { open(): void; close(): void; setLanguage(language: Language): void; remove(): void }

function createLauncher(settings: Settings): Launcher {
  let { language } = settings
  let unread = 0
  let isOpen = false
  let frame: ChatFrame | undefined
  let openedFrom: Element | null = null
  const wordsNow = () => createWords(language, books[language])
  const view: LauncherView = createView({ open, close, reenter })

  function render(): void {
    view.render({ words: wordsNow(), isOpen, unread })
    if (frame) frame.element.title = wordsNow().say('a11y.chatWindow')
  }

  /** The frame is made when first asked for, and kept: closing only hides the conversation. */
  function ensureFrame(): ChatFrame {
    frame ??= createChatFrame({
      ...settings,
      language,
      title: wordsNow().say('a11y.chatWindow'),
      heard: message => {
        if (message.type === 'close') close()
        if (message.type === 'unread') unread = message.count
        if (message.type === 'language') hearLanguage(message.language)
        if (message.type === 'signIn') document.dispatchEvent(new CustomEvent('moussaada:sign-in'))
        render()
      },
    })
    return frame
  }

  /** The page around may want to follow the conversation's language. */
  function hearLanguage(spoken: Language): void {
    language = spoken
    document.dispatchEvent(new CustomEvent('moussaada:language', { detail: { language } }))
  }

  function open(): void {
    if (isOpen) return
    isOpen = true
    unread = 0
    openedFrom = document.activeElement
    const { element, tell } = ensureFrame()
    render()
    view.show(element)
    tell({ type: 'shown' })
    element.focus()
  }

  function reenter(at: 'start' | 'end'): void {
    frame?.element.focus()
    frame?.tell({ type: 'focus', at })
  }

  function close(): void {
    if (!isOpen) return
    isOpen = false
    frame?.tell({ type: 'hidden' })
    render()
    if (openedFrom instanceof HTMLElement && openedFrom.isConnected && openedFrom !== document.body) openedFrom.focus()
    else view.focusOpener()
  }

  render()
  return {
    open,
    close,
    setLanguage: next => {
      language = next
      frame?.tell({ type: 'language', language })
      render()
    },
    remove: () => view.remove(),
  }
}

declare global {
  interface Window {
    moussaada?: Launcher
  }
}

const script = document.currentScript
if (script instanceof HTMLScriptElement && !window.moussaada) {
  const settings = readSettings(script)
  const start = (): void => void (window.moussaada = createLauncher(settings))
  if (document.body) start()
  else addEventListener('DOMContentLoaded', start)
}
