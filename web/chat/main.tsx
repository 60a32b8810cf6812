import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import { flushSync } from 'react-dom'
import { loadWords } from '../words/load-words.ts'
import { choosePageLanguage } from '../words/page-language.ts'
import type { Words } from '../words/words.ts'
import { App, showLanguage } from './app.tsx'
import './chat.css'
import { createConnection } from './connection/connection.ts'
import type { Connection } from './connection/connection.ts'
import { userOf } from './connection/credentials.ts'
import type { Credentials, TokenAnswer } from './connection/credentials.ts'
import { createChosenFiles } from './connection/upload.ts'
import { createHost } from './host/host.ts'
import type { Host } from './host/host.ts'
import { watchSession } from './host/session-watch.ts'
import { Closed } from './chrome/closed.tsx'

const retryAfterMs = 5_000

type Shown = { readonly connection: Connection; readonly user: unknown }
let shown: Shown | undefined

/** Opens the chat as soon as there is a token; without one it says why, and tries again when that may help. */
async function open(root: Root, host: Host, words: Words): Promise<void> {
  if (shown) return
  const answer = await host.tokens.obtain()
  if (shown) return
  if (answer.ok) return show(root, { host, words, first: answer.credentials })
  const again = (): void => void open(root, host, words)
  root.render(<Closed {...{ words, host, reason: answer.reason, again }} />)
  if (answer.reason === 'unavailable') setTimeout(again, retryAfterMs)
  else whenLookedAt(host, again)
}

/** The session has changed in another tab: the conversation stays only with the member whose it is. */
function settle(root: Root, { host, words }: { host: Host; words: Words }, answer: TokenAnswer): void {
  if (!shown) return void open(root, host, words)
  if (answer.ok && userOf(answer.credentials.token) === shown.user) {
    if (shown.connection.state.get() === 'signedOut') shown.connection.reconnect()
    return
  }
  shown.connection.end()
  // Rendered before the page is looked at again: nothing of the conversation is left in it.
  const again = (): void => location.reload()
  const reason = answer.ok ? 'signedOut' : answer.reason
  flushSync(() => root.render(<Closed {...{ words, host, reason, again, hasEnded: true }} />))
  if (answer.ok) again()
  else if (answer.reason === 'unavailable') setTimeout(again, retryAfterMs)
  else whenLookedAt(host, again)
}

/** Perhaps the member has signed in meanwhile, on the page around or in another tab. */
function whenLookedAt(host: Host, then: () => void): void {
  const look = (): void => {
    if (!host.visible.get() || document.visibilityState !== 'visible') return
    document.removeEventListener('visibilitychange', look)
    unsubscribe()
    then()
  }
  const unsubscribe = host.visible.subscribe(look)
  document.addEventListener('visibilitychange', look)
}

function show(root: Root, { host, words, first }: { host: Host; words: Words; first: Credentials }): void {
  const files = createChosenFiles()
  let { tag } = words
  const connection = createConnection({
    domain: `${location.origin}/v3/directline`,
    // Without its conversation: so the assistant hears of the page's language, and goes on with what is open.
    first: { token: first.token },
    tokens: host.tokens,
    files,
    locale: () => tag,
    isWatched: () => host.visible.get() && document.visibilityState === 'visible',
    onOtherMember: () => location.reload(),
  })
  host.visible.subscribe(() => {
    if (!host.visible.get()) return
    if (connection.state.get() === 'signedOut') connection.reconnect()
    else connection.nudge()
  })
  shown = { connection, user: userOf(first.token) }
  const onWords = (current: Words): void => void (tag = current.tag)
  root.render(<App firstWords={words} {...{ connection, host, files, onWords }} />)
}

async function start(): Promise<void> {
  const host = createHost()
  const words = await loadWords(choosePageLanguage())
  showLanguage(words)
  const box = document.getElementById('root')
  if (!box) return
  const root = createRoot(box)
  watchSession(box, host.tokens, answer => settle(root, { host, words }, answer))
  await open(root, host, words)
  host.tellReady()
}

void start()
