import { z } from 'zod'
import { paragraph, type CardElement } from './adaptive-card.ts'

/** Pixels that a row of buttons has in a card on a narrow phone. */
const ROW = 250
/** Of one character, and of what a button has around its words; Teams' own buttons are not wider than {@link ROW}. */
const CHARACTER = 8
const AROUND = 40
const GAP = 8
/** Teams cuts longer titles off. */
const LONGEST_TITLE = 30

const actionSchema = z.looseObject({ type: z.string(), title: z.string() })
const setSchema = z.looseObject({ type: z.literal('ActionSet'), actions: z.array(actionSchema) })
type Action = z.infer<typeof actionSchema>

/** A choice that stands on its explanation: one button, then words. */
const optionSchema = z.looseObject({
  type: z.literal('Container'),
  items: z.tuple([z.looseObject({ type: z.literal('ActionSet'), actions: z.tuple([actionSchema]) })]).rest(z.unknown()),
})

/**
 * Lays buttons out as Teams needs it: it neither wraps a row of them nor a title. Rows hold what fits a phone; where a
 * choice has a long title all choices of the card have theirs above a short button. @param choose that button's title
 */
export function layOutForTeams(body: readonly CardElement[], choose: string): CardElement[] {
  const options = body.map(element => optionSchema.safeParse(element).data)
  const isLong = options.some(option => (option?.items[0].actions[0].title.length ?? 0) > LONGEST_TITLE)
  return body.flatMap((element, index) => {
    const option = options[index]
    if (option && isLong) return [titled(option, choose)]
    const set = setSchema.safeParse(element).data
    return set ? rowsOf(set) : [element]
  })
}

function titled(option: z.infer<typeof optionSchema>, choose: string): CardElement {
  const [set, ...words] = option.items
  const [{ title, ...action }] = set.actions
  const button = { ...set, actions: [{ ...action, title: choose, tooltip: title }], spacing: 'Small' }
  return { ...option, items: [{ ...paragraph(title), weight: 'Bolder' }, ...words, button] }
}

const widthOf = ({ title }: Action) => title.length * CHARACTER + AROUND

function rowsOf({ actions, ...set }: z.infer<typeof setSchema>): CardElement[] {
  const rows: Action[][] = []
  let left = 0
  for (const action of actions) {
    const width = widthOf(action)
    const row = rows.at(-1)
    if (row && width + GAP <= left) row.push(action)
    else rows.push([action])
    left = (row && width + GAP <= left ? left - GAP : ROW) - width
  }
  return rows.map((row, index) => ({ ...set, ...(index > 0 && { separator: false, spacing: 'Small' }), actions: row }))
}
