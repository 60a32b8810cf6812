import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useChat, useDeliveries, useStore } from '../chat-context.ts'
import type { Delivery } from '../connection/outbox.ts'
import { TidyText } from '../transcript/tidy-text.tsx'
import { allActions } from './card-json.ts'
import type { Card as CardContent, CardAction, CardElement } from './card-json.ts'

/** A card that stays unanswered although the assistant went on becomes usable again, so that nobody is stuck before it. */
const unlockAfterMs = 1_500

export type CardProps = {
  readonly card: CardContent
  readonly cardKey: string
  /** Key of the newest message of the assistant; it changes when an answer came. */
  readonly newestBotKey: string | undefined
}

type Press = { readonly title: string; readonly id: string; readonly botKey: string | undefined }

function usePress({ card, cardKey, newestBotKey }: CardProps) {
  const { send, presses } = useChat()
  const deliveries = useDeliveries()
  const [press, setPress] = useState<Press>()
  const taken = useStore(presses)
  const clientId = press && [...taken].find(([, entry]) => entry.press === press.id)?.[0]
  const delivery = clientId === undefined ? undefined : deliveries.get(clientId)
  const presented = useRef(0)

  useEffect(() => {
    if (!press || press.botKey === newestBotKey) return
    const timer = setTimeout(() => setPress(undefined), unlockAfterMs)
    return () => clearTimeout(timer)
  }, [press, newestBotKey])

  return {
    press: allActions(card).length > 0 ? press : undefined,
    delivery,
    clientId,
    choose: (action: CardAction) => {
      if (press && delivery?.state !== 'failed') return
      const id = `${cardKey}#${(presented.current += 1)}`
      setPress({ title: action.title, id, botKey: newestBotKey })
      send({ value: action.data, label: action.title, press: id })
    },
  }
}

export function Card(props: CardProps) {
  const { words } = useChat()
  const { press, delivery, choose } = usePress(props)
  const locked = press !== undefined && delivery?.state !== 'failed'
  const chosen = locked ? press?.title : undefined
  return (
    <div className="card" lang={props.card.lang} dir={directionOf(props.card)}>
      <Elements items={props.card.body} choose={choose} locked={locked} chosen={chosen} />
      {press && <p className="card__note">{noteFor(words.say, press.title, delivery)}</p>}
    </div>
  )
}

function noteFor(say: ReturnType<typeof useChat>['words']['say'], answer: string, delivery?: Delivery): string {
  if (delivery?.state === 'failed') return say('widget.sendFailed')
  if (delivery?.again)
    return `${say('widget.chosen', { answer })}. ${say(delivery.full ? 'widget.storageFull' : 'widget.unavailable')}`
  if (delivery?.state === 'waiting') return `${say('widget.chosen', { answer })}. ${say('widget.queued')}`
  return say('widget.chosen', { answer })
}

const directionOf = (card: CardContent): 'rtl' | 'ltr' | undefined =>
  card.rtl === undefined ? undefined : card.rtl ? 'rtl' : 'ltr'

type ElementsProps = {
  readonly items: readonly CardElement[]
  readonly choose: (action: CardAction) => void
  readonly locked: boolean
  readonly chosen: string | undefined
}

const Elements = ({ items, ...rest }: ElementsProps) => (
  <>
    {items.map((item, index) => (
      <Element key={index} item={item} {...rest} />
    ))}
  </>
)

function Element({ item, ...rest }: Omit<ElementsProps, 'items'> & { readonly item: CardElement }): ReactNode {
  switch (item.kind) {
    case 'text':
      return <Text item={item} />
    case 'group':
      return (
        <div className={`card__group card__group--${item.tone}${item.separated ? ' card__group--separated' : ''}`}>
          <Elements items={item.items} {...rest} />
        </div>
      )
    case 'columns':
      return (
        <div className={item.separated ? 'card__columns card__columns--separated' : 'card__columns'}>
          {item.columns.map((column, index) => (
            <div key={index} className={column.fill ? 'card__column card__column--fill' : 'card__column'}>
              <Elements items={column.items} {...rest} />
            </div>
          ))}
        </div>
      )
    case 'facts':
      return <Facts facts={item.facts} />
    case 'actions':
      return <Actions actions={item.actions} {...rest} />
  }
}

function Text({ item }: { readonly item: Extract<CardElement, { kind: 'text' }> }) {
  const classes = ['card__text', `card__text--${item.tone}`]
  if (item.strong) classes.push('card__text--strong')
  if (item.soft) classes.push('card__text--soft')
  if (item.size !== 'normal') classes.push(`card__text--${item.size}`)
  if (item.figures) classes.push('card__text--figures')
  const Tag = item.heading ? 'h2' : 'p'
  // French rules change nothing in Arabic words.
  const { language } = useChat().words
  return (
    <Tag className={classes.join(' ')}>
      <TidyText {...{ text: item.text, language }} />
    </Tag>
  )
}

const Facts = ({ facts }: { readonly facts: ReadonlyArray<{ title: string; value: string }> }) => (
  <dl className="card__facts">
    {facts.map(({ title, value }) => (
      <div key={title} className="card__fact">
        <dt>{title}</dt>
        <dd>
          <bdi>{value}</bdi>
        </dd>
      </div>
    ))}
  </dl>
)

function Actions({
  actions,
  choose,
  locked,
  chosen,
}: Omit<ElementsProps, 'items'> & { actions: readonly CardAction[] }) {
  return (
    <div className="card__actions">
      {actions.map((action, index) => (
        <button
          key={index}
          type="button"
          className={`button${action.tone === 'plain' ? '' : ` button--${action.tone}`}${chosen === action.title ? ' button--chosen' : ''}`}
          // Not `disabled`: the button that was pressed keeps the focus until its card is replaced.
          aria-disabled={locked}
          aria-label={action.name}
          onClick={() => !locked && choose(action)}
        >
          {action.title}
        </button>
      ))}
    </div>
  )
}
