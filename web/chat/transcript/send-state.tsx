import type { WordKey } from '../../words/words.ts'
import { useChat } from '../chat-context.ts'
import type { Delivery } from '../connection/outbox.ts'

type SendStateProps = {
  readonly clientId: string | undefined
  readonly delivery: Delivery | undefined
  readonly arrived: boolean
}

function reasonOf({ full, late }: Delivery): WordKey {
  if (full) return 'widget.storageFull'
  return late ? 'widget.slow' : 'widget.unavailable'
}

/** One line under a message of the member: on its way, waiting, not taken now, not sent. Nothing once it arrived. */
export function SendState({ clientId, delivery, arrived }: SendStateProps) {
  const { words, connection } = useChat()
  if (arrived || !delivery || delivery.state === 'sent') return null
  if (delivery.state === 'failed') {
    return (
      <div className="send-state send-state--failed" role="alert">
        <span>{words.say('widget.sendFailed')}</span>
        <button
          type="button"
          className="button button--small"
          onClick={() => clientId && connection.outbox.retry(clientId)}
        >
          {words.say('widget.retry')}
        </button>
      </div>
    )
  }
  const waiting = delivery.state === 'waiting' && connection.state.get() !== 'online'
  if (delivery.again && !waiting)
    return (
      <p key="again" className="send-state" role="alert">
        {words.say(reasonOf(delivery))}
      </p>
    )
  return <p className="send-state">{words.say(waiting ? 'widget.queued' : 'widget.sending')}</p>
}
