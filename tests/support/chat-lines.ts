import { z } from 'zod'
import type { ActivityBody } from '../../services/conversations/activity.ts'

interface Element {
  type: string
  text?: string | undefined
  items?: Element[] | undefined
  columns?: Element[] | undefined
  actions?: CardButton[] | undefined
}

interface CardButton {
  title: string
  tooltip?: string | undefined
  data?: unknown
}

/** Something that can be pressed, and what pressing it sends. */
export interface Button {
  readonly title: string
  /** Tells it from others of the same title: « Modifier : Motif ». */
  readonly name: string
  readonly value: unknown
}

const element: z.ZodType<Element> = z.lazy(() =>
  z.looseObject({
    type: z.string(),
    text: z.string().optional(),
    items: z.array(element).optional(),
    columns: z.array(element).optional(),
    actions: z
      .array(z.looseObject({ title: z.string(), tooltip: z.string().optional(), data: z.unknown() }))
      .optional(),
  }),
)
const card = z.looseObject({ content: z.looseObject({ body: z.array(element) }) })
const chip = z
  .looseObject({ title: z.string(), value: z.unknown() })
  .transform(({ title, value }) => ({ title, name: title, value }))
const stepper = z.looseObject({ moussaada: z.looseObject({ index: z.number(), total: z.number() }) })

const elementsOf = (body: ActivityBody): Element[] =>
  (body.attachments ?? []).flatMap(attachment => card.parse(attachment).content.body)

function actionsIn({ actions = [], items = [], columns = [] }: Element): CardButton[] {
  return [...actions, ...[...items, ...columns].flatMap(actionsIn)]
}

/** The live buttons of a message's card. */
export function cardButtonsOf(body: ActivityBody): Button[] {
  return elementsOf(body)
    .flatMap(actionsIn)
    .map(({ title, tooltip = title, data }) => ({ title, name: tooltip, value: data }))
}

/** The suggestions under a message, which the widget shows as long as it is the last one. */
export function chipsOf(body: ActivityBody): Button[] {
  return (body.suggestedActions?.actions ?? []).map(one => chip.parse(one))
}

function linesIn(one: Element): string[] {
  if (one.type === 'ColumnSet') return [rowOf(one)]
  const buttons = (one.actions ?? []).map(({ title }) => `[${title}]`)
  const own = [one.text, buttons.length > 0 ? buttons.join(' ') : undefined].filter(line => line !== undefined)
  return [...own, ...(one.items ?? []).flatMap(linesIn)]
}

/** « Motif : Maladie oncologique [Modifier] » */
function rowOf({ columns = [] }: Element): string {
  const [words = [], ...buttons] = columns.map(column => linesIn(column))
  return [words.join(' : '), ...buttons.flat()].join(' ')
}

/** A message as a transcript shows it: its words, `[buttons]` of its card, `(suggestions)` under it. */
export function linesOf(body: ActivityBody): string[] {
  const chips = chipsOf(body).map(({ title }) => `(${title})`)
  return [
    ...(body.text === undefined ? [] : [body.text]),
    ...elementsOf(body).flatMap(linesIn),
    ...(chips.length > 0 ? [chips.join(' ')] : []),
  ]
}

/** « 3/6 » of a question of the request, as the widget's stepper shows it. */
export function stepOf({ channelData }: ActivityBody): string | undefined {
  const found = stepper.safeParse(channelData)
  return found.success ? `${found.data.moussaada.index}/${found.data.moussaada.total}` : undefined
}
