import type { Language } from '../../services/language.ts'
import { readFromChat, seal } from '../frame-messages.ts'
import type { FromChat, FromLauncher } from '../frame-messages.ts'

export type ChatFrame = {
  readonly element: HTMLIFrameElement
  readonly tell: (message: FromLauncher) => void
}

export type ChatFrameOptions = {
  /** Origin that served the launcher; the chat is a page of it. */
  readonly origin: string
  readonly tokenUrl: string
  readonly language: Language
  readonly title: string
  readonly heard: (message: FromChat) => void
}

/** The chat in a frame of its own origin. It asks for tokens, which this page fetches with its own session. */
export function createChatFrame(options: ChatFrameOptions): ChatFrame {
  const element = document.createElement('iframe')
  const address = new URL('/chat', options.origin)
  address.searchParams.set('lang', options.language)
  address.searchParams.set('host', location.origin)
  element.src = address.href
  element.title = options.title

  const tell = (message: FromLauncher): void => element.contentWindow?.postMessage(seal(message), options.origin)
  addEventListener('message', event => {
    if (event.origin !== options.origin || event.source !== element.contentWindow) return
    const message = readFromChat(event.data)
    if (message?.type === 'tokenWanted') void fetchToken(options.tokenUrl, message.requestId).then(tell)
    else if (message) options.heard(message)
  })
  return { element, tell }
}

async function fetchToken(url: string, requestId: number): Promise<FromLauncher> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      credentials: 'include',
      headers: { accept: 'application/json' },
    })
    const body: unknown = response.ok ? await response.json() : undefined
    return { type: 'token', requestId, status: response.status, body }
  } catch {
    return { type: 'token', requestId, status: 0, body: undefined }
  }
}
