import { useState } from 'react'
import { readJson, requestWithin } from '../../request-within.ts'
import { useChat } from '../chat-context.ts'
import type { ShownActivity } from './activity.ts'

/** A stream begins with the last sixty activities; fewer at its start means that there is nothing above them. */
const firstPage = 60

/** Milliseconds that a page may take. */
const pageMs = 15_000

/** Position 1 is the opening of the conversation, which nobody sees. */
const firstMessage = 2

type EarlierProps = { readonly first: ShownActivity | undefined; readonly count: number }

/** Fetches the page of messages above the first one shown. */
export function Earlier({ first, count }: EarlierProps) {
  const { words, connection } = useChat()
  const [more, setMore] = useState(true)
  const [busy, setBusy] = useState(false)
  if (!more || count < firstPage / 2 || first?.position === undefined || first.position <= firstMessage) return null

  async function load(before: number): Promise<void> {
    setBusy(true)
    const page = await fetchEarlier(connection.target(), before)
    for (const activity of page?.activities ?? []) connection.receive(activity)
    if (page) setMore(page.more)
    setBusy(false)
  }

  return (
    <button
      type="button"
      className="button earlier"
      aria-disabled={busy}
      onClick={() => !busy && void load(first.position ?? 0)}
    >
      {words.say('widget.earlier')}
    </button>
  )
}

async function fetchEarlier({ url, token }: { url: string; token: string }, before: number) {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await requestWithin(pageMs, `${url}/activities?before=${before}`, { headers })
  const body = answer.status === 200 ? readJson(answer) : undefined
  if (typeof body !== 'object' || body === null || !('activities' in body) || !Array.isArray(body.activities))
    return undefined
  const activities: unknown[] = body.activities
  return { activities, more: 'more' in body && body.more === true }
}
