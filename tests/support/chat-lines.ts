import { z } from 'zod'
import type { ActivityBody } from '../../services/conversations/activity.ts'

const element: z.ZodType<Element> = z.lazy(() =>
  z.looseObject({
    type: z.string(),
    text: z.string().optional(),
    items: z.array(element).optional(),
    columns: z.array(element).optional(),
    actions: z.array(z.looseObject({ title: z.string(), data: z.unknown() })).optional(),
  }),
)
interface Element {
  type: string
  text?: string | undefined
  items?: Element[] | undefined
  columns?: Element[] | undefined
  actions?: Button[] | undefined
}
export interface Button {
  title: string
  data?: unknown
}

const card = z.looseObject({ content: z.looseObject({ body: z.array(element), rtl: z.boolean().optional() }) })
const chip = z.looseObject({ title: z.string(), value: z.unknown() })

function flatten(elements: readonly Element[]): Element[] {
  return elements.flatMap(one => [one, ...flatten(one.items ?? []), ...flatten(one.columns ?? [])])
}

function elementsOf(body: ActivityBody): Element[] {
  return (body.attachments ?? []).flatMap(attachment => flatten(card.parse(attachment).content.body))
}

/** The live buttons of a message: those of its card, then its chips. */
export function buttonsOf(body: ActivityBody): Button[] {
  const chips = (body.suggestedActions?.actions ?? []).map(one => chip.parse(one))
  return [
    ...elementsOf(body).flatMap(({ actions }) => actions ?? []),
    ...chips.map(({ title, value }) => ({ title, data: value })),
  ]
}

/** A message as a transcript shows it: its words, `[buttons]` of its card, `(chips)` under it. */
export function linesOf(body: ActivityBody): string[] {
  const words = [body.text, ...elementsOf(body).map(({ text }) => text)].filter(text => text !== undefined)
  const buttons = elementsOf(body).flatMap(({ actions }) => actions ?? [])
  const chips = (body.suggestedActions?.actions ?? []).map(one => chip.parse(one))
  const pressable = [...buttons.map(({ title }) => `[${title}]`), ...chips.map(({ title }) => `(${title})`)]
  return pressable.length > 0 ? [...words, pressable.join(' ')] : words
}
