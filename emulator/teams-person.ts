import type { Chat, ChatMessage, Person } from './connector/chats.ts'
import type { Connector } from './connector/connector.ts'
import {
  installed,
  reacted,
  submitted,
  typed,
  uninstalled,
  withFiles,
  withImage,
} from './connector/person-activities.ts'
import type { Delivery } from './connector/webhook.ts'
import type { FileFault } from './files/faulty-download.ts'
import type { FileHost } from './files/file-host.ts'
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

export interface TeamsPerson {
  readonly chat: Chat
  /** The app is added for this person; the bot hears of it. */
  installs(): Promise<Delivery[]>
  uninstalls(): Promise<Delivery[]>
  /** The bot may no longer write; it is not told. */
  blocks(): void
  unblocks(): void
  says(text: string): Promise<Delivery[]>
  /**
   * Presses the newest button with this title that can be seen, whether a card's or a suggested one.
   * @param inputs what was filled into the card's fields
   */
  clicks(title: string, inputs?: Readonly<Record<string, string>>): Promise<Delivery[]>
  /** Submits this value from that card. */
  submits(cardId: string, value: unknown): Promise<Delivery[]>
  /** Shares a file of their OneDrive. */
  sendsFile(bytes: Uint8Array, name: string, options?: { text?: string; fault?: FileFault }): Promise<Delivery[]>
  /** Shares several files in one message. */
  sendsFiles(
    files: readonly { readonly bytes: Uint8Array; readonly name: string }[],
    text?: string,
  ): Promise<Delivery[]>
  /** Pastes a picture into the message: it is no file, and only the bot's own token opens it. */
  pastesImage(bytes: Uint8Array, contentType: string): Promise<Delivery[]>
  reacts(messageId: string, reaction?: string): Promise<Delivery[]>
  sends(what: Readonly<Record<string, unknown>>): Promise<Delivery[]>
  /** All that stands in the chat now. */
  sees(): Visible[]
  /**
   * Waits until what is seen answers to `isThere`.
   * @returns that view; throws with the chat's text after `withinMs`
   */
  waits(isThere: (seen: Visible[]) => boolean, withinMs?: number): Promise<Visible[]>
}

const visible = ({ id, from, activity, edits }: ChatMessage, isNewest: boolean): Visible => ({
  id,
  from,
  text: textOf(activity),
  buttons: [...buttonsOf(activity), ...(isNewest ? suggestionsOf(activity) : [])],
  edits,
  activity,
})

const visibleIn = ({ messages }: Chat): Visible[] =>
  messages
    .filter(({ deleted }) => !deleted)
    .map((message, index, shown) => visible(message, index === shown.length - 1))

/** Plays one person in Teams. What they do resolves when the bot has answered its webhook, not when it has replied. */
export function createTeamsPerson(
  { connector, files }: { connector: Connector; files: FileHost },
  person: Person,
): TeamsPerson {
  const { chats, webhook } = connector
  const chat = chats.of(person)
  const sees = (): Visible[] => visibleIn(chat)

  async function does(what: Readonly<Record<string, unknown>>, isShown: boolean): Promise<Delivery[]> {
    const activity = connector.activityOf(chat, what)
    if (isShown) chats.add(chat, { id: activity.id, from: 'person', activity })
    return await webhook.deliver(activity)
  }

  async function clicks(title: string, inputs: Readonly<Record<string, string>> = {}): Promise<Delivery[]> {
    const found = sees()
      .reverse()
      .flatMap(({ id, buttons }) => buttons.map(button => ({ id, button })))
      .find(({ button }) => button.title === title)
    if (!found) throw new Error(`no button "${title}" in:\n${describe(sees())}`)
    const { id, button } = found
    if (button.kind === 'says') return await does(typed(String(button.value)), true)
    if (button.kind === 'opens') throw new Error(`"${title}" opens a page`)
    const data = typeof button.value === 'object' ? { ...button.value, ...inputs } : button.value
    return await does(submitted(id, data), false)
  }

  return {
    chat,
    sees,
    clicks,
    submits: (cardId, value) => does(submitted(cardId, value), false),
    async installs() {
      chat.installed = true
      const deliveries: Delivery[] = []
      for (const what of installed(chat, connector.appId)) deliveries.push(...(await does(what, false)))
      return deliveries
    },
    async uninstalls() {
      chat.installed = false
      return await does(uninstalled(), false)
    },
    blocks: () => void (chat.blocked = true),
    unblocks: () => void (chat.blocked = false),
    says: text => does(typed(text), true),
    async sendsFile(bytes, name, { text = '', fault } = {}) {
      return await does(withFiles([files.share(bytes, name, fault)], text), true)
    },
    async sendsFiles(shared, text = '') {
      const links = shared.map(({ bytes, name }) => files.share(bytes, name))
      return await does(withFiles(links, text), true)
    },
    pastesImage: (bytes, contentType) => does(withImage(connector.images.keep(bytes, contentType), contentType), true),
    reacts: (messageId, reaction = 'like') => does(reacted(messageId, reaction), false),
    sends: what => does(what, what['type'] === undefined),
    async waits(isThere, withinMs = 10_000) {
      const until = AbortSignal.timeout(withinMs)
      for (;;) {
        const seen = sees()
        if (isThere(seen)) return seen
        if (until.aborted) throw new Error(`not seen within ${withinMs} ms:\n${describe(seen)}`)
        await nextChange(connector, until)
      }
    },
  }
}

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
