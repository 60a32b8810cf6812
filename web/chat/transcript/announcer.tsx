import { useEffect, useRef, useState } from 'react'
import { readCard, spokenCard } from '../card/card-json.ts'
import { useChat } from '../chat-context.ts'
import type { ShownActivity } from './activity.ts'

/** What the server sends in the first moment is mostly history; of that only the newest message is read out. */
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
  const [settled, setSettled] = useState(false)
  const heard = useRef<Set<string>>()
  const [lines, setLines] = useState<ReadonlyArray<{ key: string; text: string; language: string }>>([])
  const hasAny = messages.length > 0

  useEffect(() => {
    if (!hasAny) return
    const timer = setTimeout(() => setSettled(true), historyMs)
    return () => clearTimeout(timer)
  }, [hasAny])

  useEffect(() => {
    if (!settled) return
    const bots = messages.filter(({ role }) => role === 'bot')
    heard.current ??= new Set(bots.slice(0, -1).map(({ key }) => key))
    const fresh = bots.filter(({ key }) => !heard.current?.has(key))
    if (fresh.length === 0) return
    for (const { key } of fresh) heard.current.add(key)
    setLines(current => [
      ...current.slice(-4),
      ...fresh.map(each => ({ key: each.key, text: spoken(each), language: each.language ?? words.language })),
    ])
  }, [settled, messages, words])

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
