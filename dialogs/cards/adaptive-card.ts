import type { Translator } from '../../locales/translator.ts'

/** Adaptive Card elements that both channels render alike: schema 1.5, `Action.Submit` only, no inputs, no tables. */
export type CardElement = Readonly<Record<string, unknown>> & { readonly type: string }

export interface Choice {
  readonly title: string
  readonly value: Readonly<Record<string, unknown>>
  /** The one that goes on. */
  readonly primary?: boolean
  /** What the button does, where its title alone is not enough for a screen reader. */
  readonly tooltip?: string
}

export const cardContentType = 'application/vnd.microsoft.card.adaptive'

export const heading = (text: string): CardElement => ({
  type: 'TextBlock',
  text,
  weight: 'Bolder',
  size: 'Medium',
  wrap: true,
  style: 'heading',
})

export const paragraph = (text: string): CardElement => ({ type: 'TextBlock', text, wrap: true })

export const remark = (text: string): CardElement => ({
  type: 'TextBlock',
  text,
  wrap: true,
  isSubtle: true,
  size: 'Small',
})

/** Digits that are read from left to right in either direction of the page. */
export const number = (text: string): CardElement => ({
  type: 'TextBlock',
  text: `\u2066${text}\u2069`,
  wrap: true,
  fontType: 'Monospace',
  weight: 'Bolder',
})

function action(choice: Choice): Record<string, unknown> {
  return {
    type: 'Action.Submit',
    title: choice.title,
    data: choice.value,
    ...(choice.primary && { style: 'positive' }),
    ...(choice.tooltip && { tooltip: choice.tooltip }),
  }
}

export const buttons = (choices: readonly Choice[]): CardElement => ({
  type: 'ActionSet',
  actions: choices.map(action),
})

/** A label, its value, and at most one button beside it. */
export function row(label: string, value: string, choice?: Choice): CardElement {
  const words: CardElement[] = [remark(label), paragraph(value)]
  const columns = [
    { type: 'Column', width: 'stretch', items: words },
    ...(choice
      ? [{ type: 'Column', width: 'auto', verticalContentAlignment: 'Center', items: [buttons([choice])] }]
      : []),
  ]
  return { type: 'ColumnSet', columns, separator: true }
}

/** A choice that needs explaining: its button stands on its explanation; once over, its title does. */
export function option(title: string, description: string, choice?: Choice): CardElement {
  const top: CardElement = choice ? buttons([choice]) : { ...paragraph(title), weight: 'Bolder' }
  return { type: 'Container', items: [top, remark(description)], separator: true }
}

export function adaptiveCard(voice: Translator, body: readonly CardElement[]): Record<string, unknown> {
  return {
    contentType: cardContentType,
    content: {
      type: 'AdaptiveCard',
      version: '1.5',
      lang: voice.language,
      ...(voice.direction === 'rtl' && { rtl: true }),
      body,
    },
  }
}
