import type { CloudAdapter, TurnContext } from 'botbuilder'
import type { TeamsActivity } from './inbound.ts'

/** `refused`: Microsoft's library does not take the token; else what `work` came to. */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly status: number }

/** The library fetches its keys without an end to its patience. */
const TIME_LIMIT_MS = 10_000

interface Asked {
  readonly authorization: string
  readonly activity: TeamsActivity
}

/**
 * Has Microsoft's adapter check the token, and then does `work` as its bot. The adapter sees what its checks need and
 * nothing else; its answer is kept from the client, for it holds the text of errors.
 */
export async function checkByLibrary<T>(
  adapter: CloudAdapter,
  { authorization, activity }: Asked,
  work: () => Promise<T>,
): Promise<Checked<T>> {
  const answer = createAnswer()
  let done: Promise<T> | undefined
  const logic = (_context: TurnContext): Promise<void> => {
    // Its failure is ours to tell, not the adapter's.
    done = work()
    return done.then(
      () => undefined,
      () => undefined,
    )
  }
  const processing = adapter.process(
    { method: 'POST', headers: { authorization }, body: seen(activity) },
    answer,
    logic,
  )
  await Promise.race([processing, late()])
  if (done) return { ok: true, value: await done }
  return { ok: false, status: answer.statusCode() }
}

function seen({ type, channelId, serviceUrl, conversation, from, recipient }: TeamsActivity): Record<string, unknown> {
  // An invoke would be answered by the library in our place.
  const shown = type === 'invoke' ? 'event' : type
  return { type: shown, channelId, serviceUrl, conversation: { id: conversation.id }, from: { id: from.id }, recipient }
}

async function late(): Promise<void> {
  await new Promise<void>(resolve => void setTimeout(resolve, TIME_LIMIT_MS).unref())
}

function createAnswer() {
  let code = 503
  return {
    statusCode: () => code,
    socket: undefined,
    header: () => undefined,
    send: () => undefined,
    end: () => undefined,
    status: (status: number) => void (code = status),
  }
}
