import type { Language } from '../../../services/language.ts'
import { readFromLauncher, seal } from '../../frame-messages.ts'
import type { FromChat } from '../../frame-messages.ts'
import { fetchToken, readCredentials } from '../connection/credentials.ts'
import type { TokenAnswer, TokenSource } from '../connection/credentials.ts'
import { createStore } from '../store.ts'
import type { Store } from '../store.ts'
import { unlessSigningOut } from './session-watch.ts'

/** What is around the chat: a page with the launcher, or nothing when the chat is a page of its own. */
export type Host = {
  readonly tokens: TokenSource
  readonly framed: boolean
  readonly visible: Store<boolean>
  readonly close: () => void
  readonly signIn: () => void
  readonly tellUnread: (count: number) => void
  readonly tellLanguage: (language: Language) => void
  readonly tellReady: () => void
  /** Hears of the language that the member turns the page to. @returns what ends it */
  readonly onPageLanguage: (listener: (language: Language) => void) => () => void
}

const answerAfterMs = 20_000

/**
 * A chat inside a frame speaks only with the page that framed it, at the origin that its address names. Which origins may
 * frame it at all is the server's `frame-ancestors`.
 */
export function createHost(): Host {
  const origin = new URLSearchParams(location.search).get('host')
  const host = window.parent === window || !origin ? createOwnPage() : createFramed(origin)
  return { ...host, tokens: unlessSigningOut(host.tokens) }
}

function createOwnPage(): Host {
  return {
    tokens: { obtain: () => fetchToken('/webchat/token') },
    framed: false,
    visible: createStore(true),
    close: () => location.assign('/'),
    signIn: () => location.assign('/'),
    tellUnread: () => undefined,
    tellLanguage: () => undefined,
    tellReady: () => undefined,
    onPageLanguage: () => () => undefined,
  }
}

function createFramed(origin: string): Host {
  const visible = createStore(true)
  const waiting = new Map<number, (answer: TokenAnswer) => void>()
  const languageListeners = new Set<(language: Language) => void>()
  let lastRequest = 0
  const tell = (message: FromChat): void => window.parent.postMessage(seal(message), origin)

  addEventListener('message', event => {
    if (event.source !== window.parent || event.origin !== origin) return
    const message = readFromLauncher(event.data)
    if (message?.type === 'shown' || message?.type === 'hidden') visible.set(message.type === 'shown')
    if (message?.type === 'focus') focusEnd(message.at)
    if (message?.type === 'language') for (const listener of languageListeners) listener(message.language)
    if (message?.type === 'token') waiting.get(message.requestId)?.(readAnswer(message.status, message.body))
  })

  function obtain(): Promise<TokenAnswer> {
    const requestId = (lastRequest += 1)
    return new Promise<TokenAnswer>(resolve => {
      waiting.set(requestId, resolve)
      setTimeout(() => resolve({ ok: false, reason: 'unavailable' }), answerAfterMs)
      tell({ type: 'tokenWanted', requestId })
    }).finally(() => waiting.delete(requestId))
  }

  return {
    tokens: { obtain },
    framed: true,
    visible,
    close: () => tell({ type: 'close' }),
    signIn: () => tell({ type: 'signIn' }),
    tellUnread: count => tell({ type: 'unread', count }),
    tellLanguage: language => tell({ type: 'language', language }),
    tellReady: () => tell({ type: 'ready' }),
    onPageLanguage: listener => {
      languageListeners.add(listener)
      return () => languageListeners.delete(listener)
    },
  }
}

/** The first or the last thing on the page that Tab reaches. */
function focusEnd(at: 'start' | 'end'): void {
  const all = [...document.querySelectorAll<HTMLElement>('button, textarea, a[href], [tabindex="0"]')]
  const reachable = all.filter(element => element.tabIndex >= 0 && element.getClientRects().length > 0)
  reachable[at === 'start' ? 0 : reachable.length - 1]?.focus()
}

function readAnswer(status: number, body: unknown): TokenAnswer {
  if (status === 401) return { ok: false, reason: 'signedOut' }
  const credentials = readCredentials(body)
  return credentials ? { ok: true, credentials } : { ok: false, reason: 'unavailable' }
}
