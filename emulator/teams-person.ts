import type { Chat, ChatMessage, Person } from './connector/chats.ts'
import type { Connector } from './connector/connector.ts'
import {
  added,
  edited,
  installation,
  type InstallationAction,
  reacted,
  submitted,
  typed,
  unaskedActivities,
  withdrawn,
  withFiles,
  withImage,
} from './connector/person-activities.ts'
import type { Delivery } from './connector/webhook.ts'
import type { FileFault } from './files/faulty-download.ts'
import type { FileHost } from './files/file-host.ts'
import { findButton, visibleIn, waitToSee, type Visible } from './visible-chat.ts'

export interface TeamsPerson {
  readonly chat: Chat
  /**
   * The app is added for this person; the bot hears of it.
   * @param by activities that say so; of a first installation Microsoft sends both, of a later one often the last alone
   */
  installs(by?: readonly ('conversationUpdate' | 'add' | 'add-upgrade')[]): Promise<Delivery[]>
  uninstalls(): Promise<Delivery[]>
  /** Sends one activity that Microsoft may send, alone, by its name in {@link unaskedNames}. */
  sendsAlone(name: string): Promise<Delivery[]>
  /** Names of all that Microsoft may send besides what the person says. */
  unaskedNames(): string[]
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
  /** Changes, or takes back, a message of their own. */
  edits(messageId: string, text: string): Promise<Delivery[]>
  withdraws(messageId: string): Promise<Delivery[]>
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

export type { Visible }

interface Scene {
  readonly connector: Connector
  readonly files: FileHost
  readonly chat: Chat
  /** Does it, and shows it in the chat or not. */
  readonly does: (what: Readonly<Record<string, unknown>>, isShown: boolean) => Promise<Delivery[]>
}

function ownMessage({ messages }: Chat, messageId: string): ChatMessage {
  const message = messages.find(({ id, from }) => id === messageId && from === 'person')
  if (!message) throw new Error(`no message ${messageId} of this person`)
  return message
}

function withApp({ connector, chat, does }: Scene) {
  return {
    async installs(by: readonly ('conversationUpdate' | InstallationAction)[] = ['conversationUpdate', 'add']) {
      chat.installed = true
      const deliveries: Delivery[] = []
      for (const one of by) {
        const what = one === 'conversationUpdate' ? added(chat, connector.appId) : installation(one)
        deliveries.push(...(await does(what, false)))
      }
      return deliveries
    },
    async uninstalls() {
      chat.installed = false
      return await does(installation('remove'), false)
    },
    unaskedNames: () => Object.keys(unaskedActivities(chat, connector.appId)),
    async sendsAlone(name: string) {
      const what = unaskedActivities(chat, connector.appId)[name]
      if (!what) throw new Error(`Microsoft sends no ${name}`)
      if (what['type'] === 'installationUpdate') chat.installed = String(what['action']).startsWith('add')
      return await does(what, false)
    },
    blocks: () => void (chat.blocked = true),
    unblocks: () => void (chat.blocked = false),
  }
}

function withWords({ connector, chat, does }: Scene) {
  return {
    says: (text: string) => does(typed(text), true),
    submits: (cardId: string, value: unknown) => does(submitted(cardId, value), false),
    async clicks(title: string, inputs: Readonly<Record<string, string>> = {}) {
      const { messageId, button } = findButton(chat, title)
      if (button.kind === 'says') return await does(typed(String(button.value)), true)
      if (button.kind === 'opens') throw new Error(`"${title}" opens a page`)
      const data = typeof button.value === 'object' ? { ...button.value, ...inputs } : button.value
      return await does(submitted(messageId, data), false)
    },
    async edits(messageId: string, text: string) {
      const message = ownMessage(chat, messageId)
      message.activity = { ...message.activity, text }
      message.edits++
      connector.chats.changed(chat)
      return await does(edited(messageId, text), false)
    },
    async withdraws(messageId: string) {
      ownMessage(chat, messageId).deleted = true
      connector.chats.changed(chat)
      return await does(withdrawn(messageId), false)
    },
    reacts: (messageId: string, reaction = 'like') => does(reacted(messageId, reaction), false),
  }
}

function withAttachments({
  connector,
  files,
  does,
}: Scene): Pick<TeamsPerson, 'sendsFile' | 'sendsFiles' | 'pastesImage'> {
  return {
    sendsFile: (bytes, name, { text = '', fault } = {}) =>
      does(withFiles([files.share(bytes, name, fault)], text), true),
    sendsFiles: (shared, text = '') =>
      does(
        withFiles(
          shared.map(({ bytes, name }) => files.share(bytes, name)),
          text,
        ),
        true,
      ),
    pastesImage: (bytes, contentType) => does(withImage(connector.images.keep(bytes, contentType), contentType), true),
  }
}

/** Plays one person in Teams. What they do resolves when the bot has answered its webhook, not when it has replied. */
export function createTeamsPerson(
  { connector, files }: { readonly connector: Connector; readonly files: FileHost },
  person: Person,
): TeamsPerson {
  const chat = connector.chats.of(person)
  const does: Scene['does'] = async (what, isShown) => {
    const activity = connector.activityOf(chat, what)
    if (isShown) connector.chats.add(chat, { id: activity.id, from: 'person', activity })
    return await connector.webhook.deliver(activity)
  }
  const scene = { connector, files, chat, does }
  return {
    chat,
    ...withApp(scene),
    ...withWords(scene),
    ...withAttachments(scene),
    sends: what => does(what, what['type'] === undefined),
    sees: () => visibleIn(chat),
    waits: (isThere, withinMs = 10_000) => waitToSee(connector, chat, { isThere, withinMs }),
  }
}
