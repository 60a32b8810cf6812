import type { Chat, ChatMessage } from './connector/chats.ts'
import type { Connector } from './connector/connector.ts'
import { buttonsOf, suggestionsOf, textOf, type Button } from './visible-message.ts'

/** A message as the person sees it, in the chat's order. */
export interface Visible {
  readonly id: string
  readonly from: 'bot' | 'person'
  /** Words of the message and of its cards, one line each. */
  readonly text: string
  readonly buttons: readonly Button[]
  readonly edits: number
  readonly activity: Readonly<Record<string, unknown>>
}

const visible = ({ id, from, activity, edits }: ChatMessage, isNewest: boolean): Visible => ({
  id,
  from,
  text: textOf(activity),
  buttons: [...buttonsOf(activity), ...(isNewest ? suggestionsOf(activity) : [])],
  edits,
  activity,
})

/** All that stands in a chat now. */
export const visibleIn = ({ messages }: Chat): Visible[] =>
  messages
    .filter(({ deleted }) => !deleted)
    .map((message, index, shown) => visible(message, index === shown.length - 1))

/** Until any chat changes, or the time is over. */
function nextChange({ chats }: Connector, until: AbortSignal): Promise<void> {
  return new Promise(done => {
    const finish = (): void => {
      stop()
      until.removeEventListener('abort', finish)
      done()
    }
    const stop = chats.onChange(finish)
    until.addEventListener('abort', finish)
  })
}

const describe = (seen: readonly Visible[]): string =>
  seen
    .map(({ from, text, buttons }) => `${from}: ${text} ${buttons.map(({ title }) => `[${title}]`).join(' ')}`)
    .join('\n')

export interface Wait {
  readonly isThere: (seen: Visible[]) => boolean
  readonly withinMs: number
}

/** @returns the view that answers to `isThere`; throws with the chat's text after `withinMs` */
export async function waitToSee(connector: Connector, chat: Chat, { isThere, withinMs }: Wait): Promise<Visible[]> {
  const until = AbortSignal.timeout(withinMs)
  for (;;) {
    const seen = visibleIn(chat)
    if (isThere(seen)) return seen
    if (until.aborted) throw new Error(`not seen within ${withinMs} ms:\n${describe(seen)}`)
    await nextChange(connector, until)
  }
}

/** The newest message that has a button of this title, and that button. */
export function findButton(chat: Chat, title: string): { readonly messageId: string; readonly button: Button } {
  const seen = visibleIn(chat)
  const all = seen.toReversed().flatMap(({ id, buttons }) => buttons.map(button => ({ messageId: id, button })))
  const found = all.find(({ button }) => button.title === title)
  if (!found) throw new Error(`no button "${title}" in:\n${describe(seen)}`)
  return found
}
