import type { WebSocket } from 'ws'
import type { Liveness } from '../../../services/accounts/liveness.ts'
import type { Principal } from '../../../services/accounts/principal.ts'
import { transcriptTopic } from '../../../services/conversations/conversation.ts'
import { TranscriptTail } from '../../../services/conversations/transcript-tail.ts'
import type { Log } from '../../../services/log.ts'
import type { EventBus } from '../../../services/storage/event-bus.ts'
import { FRAMES_A_MINUTE } from './limits.ts'
import { canPass, type Rereading } from './rereading.ts'
import { SESSION_ENDED, TRY_AGAIN_LATER } from './socket-crowd.ts'
import { frameText } from './transcript.ts'
import type { Frame, Transcript } from './transcript.ts'

export interface StreamParts {
  readonly transcript: Transcript
  readonly eventBus: EventBus
  readonly log: Log
  readonly rereading: Rereading
  readonly liveness: Pick<Liveness, 'isLive'>
  readonly now: () => Date
}

export interface Viewer {
  readonly principal: Principal
  readonly conversationId: string
  /** Undefined: begin with the last page. */
  readonly watermark: number | undefined
}

/** RFC 6455 close codes. */
const POLICY_VIOLATION = 1008
const INTERNAL_ERROR = 1011
/** Milliseconds. */
const MINUTE = 60_000

/**
 * Sends a conversation to a socket: what is there already, then what comes, each change once. One frame is under way at
 * a time, so that a reader who does not keep up holds one page in memory and no more. A read that fails leaves the socket
 * open: else every page would come back at once when the database does.
 */
export function streamTo(socket: WebSocket, viewer: Viewer, parts: StreamParts): void {
  const { rereading, log } = parts
  const pump = createPump(whileLive(socket, viewer, parts), {
    worked: () => rereading.worked(read),
    failed(error) {
      if (socket.readyState !== socket.OPEN) return
      if (canPass(error)) return rereading.failed(read, error)
      log.error('directline.stream.failed', { name: error instanceof Error ? error.name : typeof error })
      socket.close(INTERNAL_ERROR)
    },
  })
  const read = () => pump()
  // Before the backlog is read: what is committed in between is then read as news.
  const unsubscribe = parts.eventBus.subscribe(transcriptTopic(viewer.conversationId), news =>
    pump(news instanceof TranscriptTail ? news : undefined),
  )
  const leave = rereading.join(read)
  // An empty frame says that the stream is there: some proxies open sockets that nothing ever comes through.
  socket.send('')
  answerFrames(socket)
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    unsubscribe()
    leave()
  })
  read()
}

interface Outcome {
  readonly worked: () => void
  readonly failed: (error: unknown) => void
}

type Work = (tail?: TranscriptTail) => Promise<void>

/** Runs `work` once more for any number of calls that come while it runs; what those bring is then read. */
function createPump(work: Work, { worked, failed }: Outcome): (tail?: TranscriptTail) => void {
  let running = false
  let again = false
  return function pump(tail): void {
    again = true
    if (running) return
    running = true
    const run = async () => {
      again = false
      await work(tail)
      while (again) {
        again = false
        await work()
      }
    }
    run()
      .finally(() => (running = false))
      .then(worked, failed)
  }
}

/** What comes next: what it is given when that follows on what came before, else what it reads. */
type Next = (tail?: TranscriptTail) => Promise<Frame>

function createPosition({ principal, conversationId, watermark }: Viewer, transcript: Transcript): Next {
  let reached = watermark
  const read = (): Promise<Frame> =>
    reached === undefined
      ? transcript.latest(conversationId, principal)
      : transcript.since(conversationId, principal, reached)
  return async tail => {
    const frame = await (tail && tail.after === reached ? transcript.tail(tail, principal) : read())
    reached = frame.watermark
    return frame
  }
}

/** Looks first whether the viewer may still look: nothing is read for a session that has ended. */
function whileLive(socket: WebSocket, viewer: Viewer, { transcript, liveness, now }: StreamParts): Work {
  const { principal } = viewer
  const next = createPosition(viewer, transcript)
  return async tail => {
    if (await liveness.isLive(principal)) return sendNews(socket, next, tail)
    // What the portal vouched for may be vouched for again; a session that has ended never comes back.
    const isOver = (principal.until ?? Infinity) <= now().getTime()
    socket.close(isOver ? TRY_AGAIN_LATER : SESSION_ENDED)
  }
}

async function sendNews(socket: WebSocket, next: Next, tail?: TranscriptTail): Promise<void> {
  for (let isMore = true; isMore && socket.readyState === socket.OPEN;) {
    const frame = await next(tail)
    if (frame.activities.length > 0) await send(socket, frameText(frame))
    isMore = frame.isFull
  }
}

/** Resolves when the frame has left the process. */
const send = (socket: WebSocket, text: string): Promise<void> =>
  new Promise(resolve => {
    // An error closes the socket by itself; the next frame then meets a closed one.
    socket.send(text, () => resolve())
  })

/**
 * Clients only ever send empty frames, to notice a broken line, and are answered with one, which Direct Line's clients leave
 * alone; whatever else they send is not read.
 */
function answerFrames(socket: WebSocket): void {
  let frames = 0
  let since = performance.now()
  socket.on('message', (data: Buffer) => {
    const now = performance.now()
    if (now - since > MINUTE) [since, frames] = [now, 0]
    if (++frames > FRAMES_A_MINUTE) socket.close(POLICY_VIOLATION)
    else if (data.length === 0) socket.send('')
  })
}
