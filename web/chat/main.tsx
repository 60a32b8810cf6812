import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import { loadWords } from '../words/load-words.ts'
import { choosePageLanguage } from '../words/page-language.ts'
import type { Words } from '../words/words.ts'
import { App, showLanguage } from './app.tsx'
import './chat.css'
import { createConnection } from './connection/connection.ts'
import type { Credentials } from './connection/credentials.ts'
import { createChosenFiles } from './connection/upload.ts'
import { createHost } from './host/host.ts'
import type { Host } from './host/host.ts'
import { Closed } from './chrome/closed.tsx'

const retryAfterMs = 5_000

/** Opens the chat as soon as there is a token; without one it says why, and tries again when that may help. */
async function open(root: Root, host: Host, words: Words): Promise<void> {
  const answer = await host.tokens.obtain()
  if (answer.ok) return show(root, { host, words, first: answer.credentials })
  const again = (): void => void open(root, host, words)
  root.render(<Closed {...{ words, host, reason: answer.reason, again }} />)
  if (answer.reason === 'unavailable') setTimeout(again, retryAfterMs)
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
  const onWords = (current: Words): void => void (tag = current.tag)
  root.render(<App firstWords={words} {...{ connection, host, files, onWords }} />)
}

async function start(): Promise<void> {
  const host = createHost()
  const words = await loadWords(choosePageLanguage())
  showLanguage(words)
  const box = document.getElementById('root')
  if (!box) return
  await open(createRoot(box), host, words)
  host.tellReady()
}

void start()
