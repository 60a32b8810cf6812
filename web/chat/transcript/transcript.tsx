import { useRef } from 'react'
import { useChat, useDeliveries, useStore } from '../chat-context.ts'
import { DocumentPanel } from '../document/document-panel.tsx'
import { SuggestedActions } from '../chrome/suggested-actions.tsx'
import { Icon } from '../chrome/icon.tsx'
import type { ShownActivity } from './activity.ts'
import { commandLabel } from './command-label.ts'
import { Earlier } from './earlier.tsx'
import { Message } from './message.tsx'
import { useFollowFocus } from './use-follow-focus.ts'
import { useStickToEnd } from './use-stick-to-end.ts'
import { Waiting } from './waiting.tsx'
import type { Conversation } from './use-conversation.ts'

export function Transcript({ conversation }: { readonly conversation: Conversation }) {
  const { words } = useChat()
  const ref = useRef<HTMLDivElement>(null)
  const { messages, newestBot } = conversation
  const { atEnd, goToEnd } = useStickToEnd(ref, messages)
  useFollowFocus(ref, newestBot?.key)
  return (
    // In the flow, not floating: it must never lie over a button or the focus (WCAG 2.4.11).
    <>
      <div
        ref={ref}
        className="transcript"
        role="log"
        aria-live="off"
        aria-label={words.say('a11y.transcript')}
        // A scrolling region must be reachable by keyboard (WCAG 2.1.1).
        tabIndex={0}
      >
        <div className="transcript__content">
          <Earlier first={messages[0]} count={messages.length} />
          <Messages conversation={conversation} />
          <Waiting messages={messages} />
          {conversation.step?.step === 'document' && <DocumentPanel last={messages[messages.length - 1]} />}
          <SuggestedActions />
        </div>
      </div>
      {!atEnd && (
        <button type="button" className="to-end" onClick={goToEnd}>
          <Icon name="down" />
          <span>{words.say('widget.toEnd')}</span>
        </button>
      )}
    </>
  )
}

function Messages({ conversation: { messages, newestBot } }: { readonly conversation: Conversation }) {
  const { words, presses } = useChat()
  const deliveries = useDeliveries()
  const pressed = useStore(presses)
  const shown = messages.flatMap(activity => {
    const press = activity.clientId === undefined ? undefined : pressed.get(activity.clientId)
    const label = press ? shownLabel(press) : commandLabel(words, activity.value)
    return isVisible(activity, label) ? [{ activity, label }] : []
  })
  return (
    <>
      {shown.map(({ activity, label }, index) => (
        <Message
          key={activity.key}
          activity={activity}
          label={activity.postBack ? label : undefined}
          delivery={activity.clientId === undefined ? undefined : deliveries.get(activity.clientId)}
          newestBotKey={newestBot?.key}
          firstOfGroup={shown[index - 1]?.activity.role !== activity.role}
        />
      ))}
    </>
  )
}

/** What was pressed in a card is shown there; a change of language speaks for itself. */
const shownLabel = ({ label, press }: { readonly label: string; readonly press?: string }): string | undefined =>
  press === undefined && label !== '' ? label : undefined

/** A card's answer is shown in the card itself; a pressed command shows as what its button said. */
const isVisible = (activity: ShownActivity, label: string | undefined): boolean =>
  !activity.postBack || activity.text !== undefined || label !== undefined
