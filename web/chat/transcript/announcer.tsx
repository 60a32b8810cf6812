import { useEffect, useRef, useState } from 'react'
import { readCard, spokenCard } from '../card/card-json.ts'
import { useChat } from '../chat-context.ts'
import type { ShownActivity } from './activity.ts'

/** What the server sends at once on opening is history; nothing of it is read out. */
const historyMs = 1_200

const spoken = (activity: ShownActivity): string =>
  [activity.text ?? '', ...activity.attachments.map(({ content }) => spokenCard(readCard(content)))]
    .filter(Boolean)
    .join('. ')

/**
 * Reads new messages of the assistant out, once each. Its own quiet region instead of a live transcript: a card that is
 * edited in place, or a history that loads, would otherwise be read again from the start.
 */
export function Announcer({ messages }: { readonly messages: readonly ShownActivity[] }) {
  const { words } = useChat()
  const heard = useRef(new Set<string>())
  const firstAt = useRef(0)
  const [lines, setLines] = useState<ReadonlyArray<{ key: string; text: string; language: string }>>([])

  useEffect(() => {
    const fresh = messages.filter(({ role, key }) => role === 'bot' && !heard.current.has(key))
    if (fresh.length === 0) return
    for (const { key } of fresh) heard.current.add(key)
    firstAt.current ||= Date.now()
    if (Date.now() - firstAt.current < historyMs && fresh.length > 2) return
    setLines(current => [
      ...current.slice(-4),
      ...fresh.map(each => ({ key: each.key, text: spoken(each), language: each.language ?? words.language })),
    ])
  }, [messages, words])

  return (
    <div className="visually-hidden" aria-live="polite" aria-relevant="additions">
      {lines.map(({ key, text, language }) => (
        <p key={key} lang={language}>
          {words.say('a11y.newMessage')}: {text}
        </p>
      ))}
    </div>
  )
}
