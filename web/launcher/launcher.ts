import ar from '../../locales/ar/web.json' with { type: 'json' }
import fr from '../../locales/fr/web.json' with { type: 'json' }
import type { Language } from '../../services/language.ts'
import { createWords } from '../words/words.ts'
import type { FromChat } from '../frame-messages.ts'
import { createBackButton } from './back-button.ts'
import { createChatFrame } from './chat-frame.ts'
import type { ChatFrame } from './chat-frame.ts'
import { createView } from './launcher-view.ts'
import type { LauncherView } from './launcher-view.ts'
import type { Opening } from './opening-cover.ts'

const books = { fr, ar }

type Settings = {
  readonly origin: string
  readonly tokenUrl: string
  /** Where the page's site signs members in. */
  readonly signInUrl: string | undefined
  readonly language: Language
}

/** Read at once: a script knows itself only while it runs for the first time. */
function readSettings(script: HTMLScriptElement): Settings {
  const { origin } = new URL(script.src)
  const { signInUrl } = script.dataset
  const locale = script.dataset['locale'] ?? document.documentElement.lang
  return {
    origin,
    tokenUrl: new URL(script.dataset['tokenUrl'] ?? '/webchat/token', location.href).href,
    signInUrl: signInUrl === undefined ? undefined : new URL(signInUrl, location.href).href,
    language: locale.toLowerCase().startsWith('ar') ? 'ar' : 'fr',
  }
}

type Launcher = { open(): void; close(): void; setLanguage(language: Language): void; remove(): void }

/** A frame from which nothing is heard for so long does not load, or may not be shown on this site. */
const silenceMs = 10_000

function createLauncher(settings: Settings): Launcher {
  let { language } = settings
  let unread = 0
  let isOpen = false
  let opening: Opening = 'opening'
  let clock: ReturnType<typeof setTimeout> | undefined
  let frame: ChatFrame | undefined
  let openedFrom: Element | null = null
  const wordsNow = () => createWords(language, books[language])
  const view: LauncherView = createView({ open, close, retry, reenter })
  const isWanted = (): boolean => view.isModal() || matchMedia('(pointer: coarse)').matches
  const backButton = createBackButton({ open, close, isOpen: () => isOpen, isWanted })

  function render(): void {
    view.render({ words: wordsNow(), isOpen, opening, unread })
    if (frame) frame.element.title = wordsNow().say('a11y.chatWindow')
  }

  /** The frame is made when first asked for, and kept: closing only hides the conversation. */
  function ensureFrame(): ChatFrame {
    if (frame) return frame
    expectWord()
    frame = createChatFrame({ ...settings, language, title: wordsNow().say('a11y.chatWindow'), heard })
    return frame
  }

  function expectWord(): void {
    opening = 'opening'
    clearTimeout(clock)
    clock = setTimeout(() => {
      opening = 'failed'
      render()
    }, silenceMs)
  }

  function heard(message: FromChat): void {
    if (message.type === 'ready') becomeReady()
    else if (opening === 'opening') expectWord()
    if (message.type === 'close') close()
    if (message.type === 'unread') unread = message.count
    if (message.type === 'language') hearLanguage(message.language)
    if (message.type === 'signIn') askToSignIn(settings, language)
    render()
  }

  function becomeReady(): void {
    clearTimeout(clock)
    opening = 'ready'
    // Before the cover goes, and the focus with it.
    if (isOpen && view.hasFocus()) frame?.element.focus()
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
    if (opening === 'failed') forgetFrame()
    showFrame()
    backButton.opened()
  }

  function showFrame(): void {
    const { element, tell } = ensureFrame()
    render()
    view.show(element)
    tell({ type: 'shown' })
    if (opening === 'ready') element.focus()
    else view.focusCover()
  }

  function forgetFrame(): void {
    frame?.remove()
    frame = undefined
  }

  function retry(): void {
    forgetFrame()
    showFrame()
  }

  function reenter(at: 'start' | 'end'): void {
    if (opening !== 'ready') return view.focusCover()
    frame?.element.focus()
    frame?.tell({ type: 'focus', at })
  }

  function close(): void {
    if (!isOpen) return
    isOpen = false
    frame?.tell({ type: 'hidden' })
    render()
    const isElsewhere = openedFrom !== view.host && openedFrom !== document.body
    if (isElsewhere && openedFrom instanceof HTMLElement && openedFrom.isConnected) openedFrom.focus()
    else view.focusOpener()
    backButton.closed()
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
    remove: () => {
      close()
      clearTimeout(clock)
      backButton.remove()
      forgetFrame()
      view.remove()
    },
  }
}

/** The page signs its members in itself when it prevents this event; else at the address that it gave, or with us. */
function askToSignIn({ origin, signInUrl }: Settings, language: Language): void {
  const event = new CustomEvent('moussaada:sign-in', { cancelable: true })
  if (!document.dispatchEvent(event)) return
  if (signInUrl !== undefined) location.assign(signInUrl)
  else window.open(`${origin}/?lang=${language}`, '_blank', 'noopener')
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
