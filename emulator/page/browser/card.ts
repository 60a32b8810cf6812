import type * as Renderer from 'adaptivecards'
import { teamsHostConfig, type Theme } from '../host-config.ts'
import { element } from './element.ts'
import { markdownToHtml } from './markdown.ts'

declare global {
  interface Window {
    /** Microsoft's own renderer, loaded before the page's modules. */
    readonly AdaptiveCards: typeof Renderer
  }
}

export interface CardOptions {
  readonly theme: Theme
  readonly onSubmit: (value: unknown) => void
}

/** An Adaptive Card as Teams on a desktop draws it, clamped to the schema that Teams knows. */
export function drawCard(content: unknown, { theme, onSubmit }: CardOptions): HTMLElement {
  const { AdaptiveCard, HostConfig, SerializationContext, Version, SubmitAction, OpenUrlAction } = window.AdaptiveCards
  AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdownToHtml(text)
    result.didProcess = true
  }
  const card = new AdaptiveCard()
  card.hostConfig = new HostConfig(teamsHostConfig(theme))
  card.onExecuteAction = action => {
    // What stands in the card's fields is in its data by now.
    if (action instanceof SubmitAction) onSubmit(action.data)
    else if (action instanceof OpenUrlAction && action.url) window.open(action.url, '_blank', 'noreferrer')
  }
  // The library's pattern for a language keeps its place between cards: every second one would be faulty.
  const { regEx } = AdaptiveCard.langProperty
  if (regEx) regEx.lastIndex = 0
  const context = new SerializationContext(new Version(1, 5))
  card.parse(content, context)
  const drawn = element('div', { class: 'card' }, card.render())
  const faults = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message)
  if (faults.length > 0) drawn.append(element('pre', { class: 'card-faults', dir: 'ltr' }, faults.join('\n')))
  return drawn
}
