import { createStore } from '../store.ts'
import type { Store } from '../store.ts'
import { userOf } from './credentials.ts'
import type { Credentials, TokenSource } from './credentials.ts'
import { SESSION_ENDED } from './live-stream.ts'
import { openSession } from './direct-line-session.ts'
import type { DirectLineSession } from './direct-line-session.ts'
import { createOutbox } from './outbox.ts'
import type { Outbox, OutgoingActivity, SendOutcome } from './outbox.ts'
import { postOnce } from './post-once.ts'
import { createSocketTrials } from './socket-trials.ts'
import { createSubject } from './subject.ts'
import type { Observable } from './subject.ts'
import { createUpload } from './upload.ts'
import type { ChosenFiles } from './upload.ts'

/** What the member is told about the line. `unavailable`: the network is there, the service does not answer. */
export type LineState = 'connecting' | 'online' | 'reconnecting' | 'offline' | 'unavailable' | 'signedOut'

export type Connection = {
  readonly state: Store<LineState>
  /** True once the first session was open: before that, Web Chat drops what it is told to send. */
  readonly opened: Store<boolean>
  readonly outbox: Outbox
  /** What Web Chat talks to. It stays the same while the sessions behind it come and go. */
  readonly botConnection: {
    readonly token: string
    readonly connectionStatus$: Observable<number>
    readonly activity$: Observable<unknown>
    readonly postActivity: (activity: OutgoingActivity) => Observable<string>
    readonly end: () => void
  }
  /** Tries again now, for example after the member signed in anew. */
  readonly reconnect: () => void
  /** For good: nothing is received or sent any more. */
  readonly end: () => void
  /** Somebody looks: what is new is to come soon. */
  readonly nudge: () => void
  /** Hands in an activity that was fetched outside the stream. */
  readonly receive: (activity: unknown) => void
  /** Address and token for requests of our own. */
  target(): { url: string; token: string }
}

export type ConnectionOptions = {
  readonly domain: string
  readonly first: Credentials
  readonly tokens: TokenSource
  readonly files: ChosenFiles
  readonly locale: () => string
  /** Whether somebody looks at the chat: then polling is worth more requests. */
  readonly isWatched: () => boolean
  /** Somebody else signed in meanwhile: nothing of what is shown here is theirs. */
  readonly onOtherMember: () => void
}

const connecting = 1
const online = 2
const unavailableAfter = 3
const delayMs = (failures: number): number => (failures === 0 ? 400 : Math.min(15_000, 1_000 * 2 ** (failures - 1)))

/*
 * Web Chat gives up for good when its connection reports an expired token or an end. So it gets a connection that never
 * does: sessions are opened behind it, each with a token that is renewed when refused, and resume the same conversation
 * at the last watermark. Typed text and unsent messages live outside of the session and are untouched.
 */
export function createConnection(options: ConnectionOptions): Connection {
  const state = createStore<LineState>('connecting')
  const opened = createStore(false)
  const activity$ = createSubject<unknown>()
  const connectionStatus$ = createSubject<number>({ initial: connecting })
  let credentials = options.first
  let watermark = ''
  let session: DirectLineSession | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let needsToken = false
  let isEnded = false
  const trials = createSocketTrials()

  const outbox = createOutbox({ isOpen: () => state.get() === 'online', send: (...all) => send(...all) })

  function schedule(delay: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void open(), delay)
  }

  function showDown(): void {
    if (state.get() === 'signedOut') return
    if (!navigator.onLine) state.set('offline')
    else if (failures >= unavailableAfter) state.set('unavailable')
    else if (state.get() !== 'connecting') state.set('reconnecting')
  }

  function remember(): void {
    if (!session) return
    watermark = session.client['watermark'] || watermark
    const conversationId = session.client['conversationId']
    credentials = { token: session.client['token'], ...(conversationId ? { conversationId } : {}) }
  }

  function broken(status: number): void {
    remember()
    session = undefined
    if (status === 401 || status === 403 || status === SESSION_ENDED) needsToken = true
    // The conversation is gone: a fresh token says which one goes on, or none.
    if (status === 404) [needsToken, watermark, credentials] = [true, '', { token: credentials.token }]
    const delay = delayMs(failures)
    failures += 1
    // Nothing of the conversation is shown until the server has said who is signed in now.
    if (status === SESSION_ENDED) state.set('signedOut')
    showDown()
    schedule(delay)
  }

  async function renewToken(): Promise<boolean> {
    const answer = await options.tokens.obtain()
    if (answer.ok && userOf(answer.credentials.token) !== userOf(options.first.token)) {
      options.onOtherMember()
      return false
    }
    if (answer.ok) {
      const { conversationId = answer.credentials.conversationId } = credentials
      credentials = { token: answer.credentials.token, ...(conversationId ? { conversationId } : {}) }
      needsToken = false
      if (state.get() === 'signedOut') state.set('reconnecting')
      return true
    }
    if (answer.reason === 'signedOut') state.set('signedOut')
    else {
      failures += 1
      showDown()
      schedule(delayMs(failures))
    }
    return false
  }

  async function open(): Promise<void> {
    if (isEnded) return
    if (session || !navigator.onLine) return showDown()
    if (needsToken && !(await renewToken())) return
    if (session || isEnded) return
    session = openSession(
      { ...options, credentials, watermark, locale: options.locale(), trials },
      {
        ready: () => {
          failures = 0
          state.set('online')
          opened.set(true)
          connectionStatus$.next(online)
          outbox.wake()
        },
        activity: activity => activity$.next(activity),
        broken,
      },
    )
  }

  function reopenNow(): void {
    remember()
    session?.close()
    session = undefined
    failures = 0
    if (state.get() !== 'connecting' && state.get() !== 'signedOut') state.set('reconnecting')
    schedule(0)
  }

  function end(): void {
    isEnded = true
    clearTimeout(timer)
    session?.close()
    session = undefined
    state.set('signedOut')
    outbox.drop()
  }

  function target(): { url: string; token: string } {
    const { conversationId = '' } = session?.client ? { conversationId: session.client['conversationId'] } : credentials
    const token = session ? session.client['token'] : credentials.token
    return { url: `${options.domain}/conversations/${encodeURIComponent(conversationId)}`, token }
  }

  const upload = createUpload({
    files: options.files,
    target: () => ({ ...target(), url: `${target().url}/uploads` }),
    refused: status => {
      if (status !== 401 && status !== 403) return
      needsToken = true
      reopenNow()
    },
  })

  async function send(...[activity, report, signal]: Parameters<typeof upload>): Promise<SendOutcome> {
    const outcome = await ((activity.attachments?.length ?? 0) > 0
      ? upload(activity, report, signal)
      : session
        ? postOnce(session, activity)
        : { sent: false as const, again: true })
    if (outcome.sent) session?.nudge()
    return outcome
  }

  addEventListener('online', () => {
    trials.reset()
    reopenNow()
  })
  addEventListener('offline', () => state.get() !== 'signedOut' && state.set('offline'))
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return
    // Perhaps the member has signed in meanwhile, in another tab.
    if (session) session.nudge()
    else schedule(0)
  })
  schedule(0)

  return {
    state,
    opened,
    outbox,
    botConnection: {
      token: options.first.token,
      connectionStatus$,
      activity$,
      postActivity: activity => outbox.post(activity),
      end: () => undefined,
    },
    reconnect: reopenNow,
    end,
    nudge: () => session?.nudge(),
    receive: activity => activity$.next(activity),
    target,
  }
}
