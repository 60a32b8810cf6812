import { memo, useLayoutEffect, useRef } from 'react'
import type { RefObject } from 'react'
import { allActions, readCard } from '../card/card-json.ts'
import { Card } from '../card/card.tsx'
import { useChat } from '../chat-context.ts'
import type { Delivery } from '../connection/outbox.ts'
import { SentFile } from '../document/sent-file.tsx'
import type { Attachment, ShownActivity } from './activity.ts'
import { SendState } from './send-state.tsx'
import { TidyText } from './tidy-text.tsx'

const cardType = 'application/vnd.microsoft.card.adaptive'

export type MessageProps = {
  readonly activity: ShownActivity
  readonly delivery: Delivery | undefined
  /** What to show for a pressed button, which carries no text of its own. */
  readonly label: string | undefined
  readonly newestBotKey: string | undefined
  readonly firstOfGroup: boolean
}

export const Message = memo(function Message(props: MessageProps) {
  const { activity, firstOfGroup } = props
  const { words } = useChat()
  const ref = useRef<HTMLElement>(null)
  const buttons = activity.attachments.flatMap(each =>
    each.contentType === cardType ? allActions(readCard(each.content)) : [],
  )
  useFocusKeeper(ref, buttons.length, props.newestBotKey === activity.key)
  const language = useMessageLanguage(activity)
  return (
    <article
      ref={ref}
      className={`message message--${activity.role}${firstOfGroup ? ' message--first' : ''}`}
      data-key={activity.key}
      tabIndex={-1}
      lang={activity.role === 'bot' ? language : undefined}
      dir={activity.role === 'bot' ? (language === 'ar' ? 'rtl' : 'ltr') : undefined}
      aria-label={words.say(activity.role === 'user' ? 'a11y.you' : 'app.assistant')}
    >
      <Body {...props} />
    </article>
  )
})

const useMessageLanguage = (activity: ShownActivity) => activity.language ?? useChat().words.language

function Body({ activity, delivery, label, newestBotKey }: MessageProps) {
  const language = useMessageLanguage(activity)
  const text = activity.text ?? label
  return (
    <>
      {text !== undefined && (
        <p className="bubble" dir={activity.role === 'user' ? 'auto' : undefined}>
          {activity.role === 'bot' ? <TidyText {...{ text, language }} /> : text}
        </p>
      )}
      {activity.attachments.map((attachment, index) => (
        <ShownAttachment key={index} {...{ activity, attachment, delivery, newestBotKey }} />
      ))}
      {activity.role === 'user' && activity.attachments.length === 0 && (
        <SendState clientId={activity.clientId} delivery={delivery} arrived={activity.id !== undefined} />
      )}
    </>
  )
}

type ShownAttachmentProps = Pick<MessageProps, 'activity' | 'delivery' | 'newestBotKey'> & {
  readonly attachment: Attachment
}

function ShownAttachment({ activity, attachment, delivery, newestBotKey }: ShownAttachmentProps) {
  if (attachment.contentType === cardType) {
    return <Card card={readCard(attachment.content)} cardKey={activity.key} newestBotKey={newestBotKey} />
  }
  return <SentFile {...{ activity, attachment, delivery, newestBotKey }} />
}

/**
 * When a card's buttons go away under the focus, the message takes it; when the answer arrives, the answer does. So the
 * focus never falls back to the top of the page.
 */
function useFocusKeeper(ref: RefObject<HTMLElement>, buttons: number, isNewest: boolean): void {
  const before = useRef({ buttons, isNewest, inside: false })
  const element = ref.current
  const inside = element !== null && element.contains(document.activeElement)
  useLayoutEffect(() => {
    const { current } = ref
    // Only a focus that fell out of the page is taken up: by now it may rightly be somewhere else.
    const lost = before.current.inside && before.current.buttons > buttons && document.activeElement === document.body
    if (lost) current?.focus({ preventScroll: true })
    before.current = { buttons, isNewest, inside: current?.contains(document.activeElement) ?? false }
  })
  if (inside) before.current.inside = true
}
