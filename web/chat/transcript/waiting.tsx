import { useChat, useLine } from '../chat-context.ts'
import type { ShownActivity } from './activity.ts'
import { useElapsed } from '../use-elapsed.ts'
import { useTyping } from './use-typing.ts'

const slowAfterMs = 10_000

/** Three quiet dots while the assistant is at work, and a sentence when it takes long: never dots without end. */
export function Waiting({ messages }: { readonly messages: readonly ShownActivity[] }) {
  const { words } = useChat()
  const typing = useTyping()
  const online = useLine() === 'online'
  const last = messages[messages.length - 1]
  const unanswered = last?.role === 'user' && last.id !== undefined ? last.key : undefined
  const slow = useElapsed(online ? unanswered : undefined, slowAfterMs)
  if (slow) return <p className="waiting">{words.say('widget.slow')}</p>
  if (!typing && !(unanswered !== undefined && online)) return null
  return (
    <p className="waiting">
      <span className="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span className="visually-hidden">{words.say('a11y.typing')}</span>
    </p>
  )
}
