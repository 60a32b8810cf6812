/** Something to press: `submits` a card's value, `says` words for the person, `opens` a page. */
export interface Button {
  readonly title: string
  readonly kind: 'submits' | 'says' | 'opens'
  readonly value: unknown
}

type Node = Readonly<Record<string, unknown>>

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)
const nodesOf = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : [])

/** Every object of a card in reading order; hidden ones and what is below them are not seen. */
function* walk(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* walk(item)
  if (!isNode(value) || value['isVisible'] === false) return
  yield value
  for (const [name, child] of Object.entries(value)) if (name !== 'data' && name !== 'fallback') yield* walk(child)
}

const cardsOf = (activity: Node): Node[] =>
  nodesOf(activity['attachments']).flatMap(({ content }) => (isNode(content) ? [content] : []))

function pressed(node: Node): Button[] {
  const title = typeof node['title'] === 'string' ? node['title'] : ''
  switch (node['type']) {
    case 'Action.Submit':
      return node['isEnabled'] === false ? [] : [{ title, kind: 'submits', value: node['data'] }]
    case 'Action.OpenUrl':
      return [{ title, kind: 'opens', value: node['url'] }]
    case 'imBack':
      return [{ title, kind: 'says', value: node['value'] }]
    case 'openUrl':
      return [{ title, kind: 'opens', value: node['value'] }]
    default:
      return []
  }
}

/** Teams shows no more. */
const shownSuggestions = 3

/** What can be pressed in a message's cards. */
export const buttonsOf = (activity: Node): Button[] => [...walk(cardsOf(activity))].flatMap(pressed)

/** What Teams offers under the newest message: words for the person to say. Other kinds of suggestion it does not show. */
export function suggestionsOf(activity: Node): Button[] {
  const suggested = isNode(activity['suggestedActions']) ? nodesOf(activity['suggestedActions']['actions']) : []
  const shown = suggested.slice(0, shownSuggestions).filter(({ type }) => type === 'imBack')
  return shown.flatMap(pressed)
}

const wordsOf = (node: Node): string[] =>
  [node['type'] === 'TextBlock' || node['type'] === 'TextRun' ? node['text'] : undefined, node['subtitle']]
    .concat(node['type'] === undefined ? [node['title'], node['text'], node['value']] : [])
    .filter((words): words is string => typeof words === 'string' && words !== '')

/** The message's words and those of its cards: text blocks, facts, a hero card's title and text. */
export function textOf(activity: Node): string {
  const own = typeof activity['text'] === 'string' ? [activity['text']] : []
  return [...own, ...[...walk(cardsOf(activity))].flatMap(wordsOf)].join('\n')
}
