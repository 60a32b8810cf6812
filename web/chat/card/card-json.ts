/*
 * The part of Adaptive Cards 1.5 that the assistant sends, read with care: what is unknown is left out, as the format asks.
 */
export type CardAction = {
  readonly title: string
  /** A longer name for screen readers, where the title alone does not say what is meant. */
  readonly name?: string
  readonly data: unknown
  readonly tone: 'main' | 'plain' | 'danger'
}
export type CardElement =
  | {
      readonly kind: 'text'
      readonly text: string
      readonly heading: boolean
      readonly strong: boolean
      readonly soft: boolean
      readonly size: 'small' | 'normal' | 'large'
      readonly figures: boolean
      readonly tone: Tone
    }
  | { readonly kind: 'group'; readonly items: readonly CardElement[]; readonly tone: Tone; readonly separated: boolean }
  | {
      readonly kind: 'columns'
      readonly separated: boolean
      readonly columns: ReadonlyArray<{ items: readonly CardElement[]; fill: boolean }>
    }
  | { readonly kind: 'facts'; readonly facts: ReadonlyArray<{ title: string; value: string }> }
  | { readonly kind: 'actions'; readonly actions: readonly CardAction[] }
export type Tone = 'plain' | 'emphasis' | 'good' | 'warning' | 'attention'
export type Card = { readonly lang?: string; readonly rtl?: boolean; readonly body: readonly CardElement[] }

type Fields = Record<string, unknown>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {})
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const tones: Readonly<Record<string, Tone>> = {
  emphasis: 'emphasis',
  accent: 'emphasis',
  good: 'good',
  warning: 'warning',
  attention: 'attention',
}
const toneOf = (value: unknown): Tone => tones[textOf(value).toLowerCase()] ?? 'plain'

function readAction(value: unknown): CardAction | undefined {
  const { type, title, data, style, tooltip } = fieldsOf(value)
  if (type !== 'Action.Submit' || textOf(title) === '') return undefined
  const tone = style === 'positive' ? 'main' : style === 'destructive' ? 'danger' : 'plain'
  return { title: textOf(title), data, tone, ...(typeof tooltip === 'string' ? { name: tooltip } : {}) }
}

const readActions = (value: unknown): CardAction[] =>
  listOf(value).flatMap(action => {
    const read = readAction(action)
    return read ? [read] : []
  })

const readItems = (value: unknown): CardElement[] =>
  listOf(value).flatMap(item => {
    const read = readElement(fieldsOf(item))
    return read ? [read] : []
  })

const sizes: Readonly<Record<string, 'small' | 'large'>> = {
  small: 'small',
  medium: 'large',
  large: 'large',
  extralarge: 'large',
}

function readText(element: Fields): CardElement {
  const size = textOf(element['size']).toLowerCase()
  return {
    kind: 'text',
    text: textOf(element['text']),
    heading: element['style'] === 'heading',
    strong: textOf(element['weight']).toLowerCase() === 'bolder',
    soft: element['isSubtle'] === true,
    size: sizes[size] ?? 'normal',
    figures: element['fontType'] === 'Monospace',
    tone: toneOf(element['color']),
  }
}

function readFacts(element: Fields): CardElement {
  const facts = listOf(element['facts']).map(fieldsOf)
  return { kind: 'facts', facts: facts.map(({ title, value }) => ({ title: textOf(title), value: textOf(value) })) }
}

function readColumns(element: Fields): CardElement {
  const columns = listOf(element['columns']).map(fieldsOf)
  return {
    kind: 'columns',
    separated: element['separator'] === true,
    columns: columns.map(column => ({ items: readItems(column['items']), fill: column['width'] !== 'auto' })),
  }
}

function readElement(element: Fields): CardElement | undefined {
  switch (element['type']) {
    case 'TextBlock':
      return textOf(element['text']) === '' ? undefined : readText(element)
    case 'Container':
      return {
        kind: 'group',
        items: readItems(element['items']),
        tone: toneOf(element['style']),
        separated: element['separator'] === true,
      }
    case 'ColumnSet':
      return readColumns(element)
    case 'FactSet':
      return readFacts(element)
    case 'ActionSet':
      return { kind: 'actions', actions: readActions(element['actions']) }
    default:
      return undefined
  }
}

/** Reads an attachment's content as a card; elements that the widget does not know are absent from it. */
export function readCard(content: unknown): Card {
  const fields = fieldsOf(content)
  const actions = readActions(fields['actions'])
  const body = readItems(fields['body'])
  return {
    body: actions.length > 0 ? [...body, { kind: 'actions', actions }] : body,
    ...(typeof fields['lang'] === 'string' ? { lang: fields['lang'] } : {}),
    ...(typeof fields['rtl'] === 'boolean' ? { rtl: fields['rtl'] } : {}),
  }
}

const actionsOf = (elements: readonly CardElement[]): CardAction[] =>
  elements.flatMap(element => {
    if (element.kind === 'actions') return [...element.actions]
    if (element.kind === 'group') return actionsOf(element.items)
    return element.kind === 'columns' ? element.columns.flatMap(column => actionsOf(column.items)) : []
  })

/** Every button of the card, in the order shown. */
export const allActions = (card: Card): CardAction[] => actionsOf(card.body)

const wordsOf = (elements: readonly CardElement[]): string[] =>
  elements.flatMap(element => {
    if (element.kind === 'text') return [element.text]
    if (element.kind === 'facts') return element.facts.map(({ title, value }) => `${title}: ${value}`)
    if (element.kind === 'group') return wordsOf(element.items)
    return element.kind === 'columns' ? element.columns.flatMap(column => wordsOf(column.items)) : []
  })

/** The card as one text, for a screen reader's announcement. */
export const spokenCard = (card: Card): string => wordsOf(card.body).join('. ')
