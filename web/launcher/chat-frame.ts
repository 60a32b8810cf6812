import type { Language } from '../../services/language.ts'
import { readFromChat, seal } from '../frame-messages.ts'
import type { FromChat, FromLauncher } from '../frame-messages.ts'
import { readJson, requestWithin } from '../request-within.ts'

export type ChatFrame = {
  readonly element: HTMLIFrameElement
  readonly tell: (message: FromLauncher) => void
  readonly remove: () => void
}

export type ChatFrameOptions = {
  /** Origin that served the launcher; the chat is a page of it. */
  readonly origin: string
  readonly tokenUrl: string
  readonly language: Language
  readonly title: string
  readonly heard: (message: FromChat) => void
}

/** Less than what the launcher waits for the chat, which then says what is wrong. */
const tokenMs = 8_000

/** The chat in a frame of its own origin. It asks for tokens, which this page fetches with its own session. */
export function createChatFrame(options: ChatFrameOptions): ChatFrame {
  const element = document.createElement('iframe')
  const address = new URL('/chat', options.origin)
  address.searchParams.set('lang', options.language)
  address.searchParams.set('host', location.origin)
  element.src = address.href
  element.title = options.title

  const tell = (message: FromLauncher): void => element.contentWindow?.postMessage(seal(message), options.origin)
  function onMessage(event: MessageEvent): void {
    if (event.origin !== options.origin || event.source !== element.contentWindow) return
    const message = readFromChat(event.data)
    if (message?.type === 'tokenWanted') void fetchToken(options.tokenUrl, message.requestId).then(tell)
    if (message) options.heard(message)
  }
  addEventListener('message', onMessage)
  return {
    element,
    tell,
    remove: () => {
      removeEventListener('message', onMessage)
      element.remove()
    },
  }
}

async function fetchToken(url: string, requestId: number): Promise<FromLauncher> {
  const init = { method: 'POST', credentials: 'include', headers: { accept: 'application/json' } } as const
  const answer = await requestWithin(tokenMs, url, init)
  const isOk = answer.status >= 200 && answer.status < 300
  return { type: 'token', requestId, status: answer.status, body: isOk ? readJson(answer) : undefined }
}
