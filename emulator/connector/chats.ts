import { createHash } from 'node:crypto'

/** Somebody of the tenant's directory, or a guest of another. */
export interface Person {
  readonly aadObjectId: string
  readonly name: string
  readonly userPrincipalName: string
  /** Of their Teams client at first. */
  readonly locale: string
  /** Where it is not the bot's own tenant. */
  readonly tenantId?: string
}

export interface ChatMessage {
  readonly id: string
  readonly from: 'bot' | 'person'
  /** As last written: an update takes its place. */
  activity: Readonly<Record<string, unknown>>
  readonly at: Date
  edits: number
  deleted: boolean
}

/** One person's chat with the bot. */
export interface Chat {
  /** `a:1…` */
  readonly id: string
  /** `29:1…`, the person as this bot knows them. */
  readonly userId: string
  readonly person: Person
  readonly tenantId: string
  /** Of their Teams client, as `fr-FR`; the person may change it. */
  locale: string
  installed: boolean
  /** The person blocked the bot. */
  blocked: boolean
  readonly messages: ChatMessage[]
  /** When the bot last showed that it is typing. */
  typingAt?: Date
}

export interface Chats {
  /** The chat of this person, begun when there is none. */
  of(person: Person): Chat
  find(chatId: string): Chat | undefined
  /** @param member `29:1…` or an object id of the directory */
  findByMember(member: string): Chat | undefined
  all(): readonly Chat[]
  add(chat: Chat, message: Pick<ChatMessage, 'id' | 'from' | 'activity'>): ChatMessage
  /** An id as Teams gives: milliseconds, never twice. */
  nextId(): string
  /** Tells listeners that something in this chat is new. */
  changed(chat: Chat): void
  /** @returns stops listening */
  onChange(listener: (chat: Chat) => void): () => void
}

const pseudonym = (parts: readonly string[]): string =>
  createHash('sha512').update(parts.join('\0')).digest('base64url').slice(0, 64)

/** What everybody sees: one personal chat a person, with ids that are the same at every start. */
export function createChats({ tenantId, now }: { tenantId: string; now: () => Date }): Chats {
  const chats = new Map<string, Chat>()
  const listeners = new Set<(chat: Chat) => void>()
  let lastId = 0

  function nextId(): string {
    lastId = Math.max(lastId + 1, now().getTime())
    return String(lastId)
  }
  function begin(person: Person): Chat {
    const home = person.tenantId ?? tenantId
    const chat: Chat = {
      id: `a:1${pseudonym(['chat', home, person.aadObjectId])}`,
      userId: `29:1${pseudonym(['user', home, person.aadObjectId])}`,
      person,
      tenantId: home,
      locale: person.locale,
      installed: false,
      blocked: false,
      messages: [],
    }
    chats.set(chat.id, chat)
    return chat
  }
  const changed = (chat: Chat): void => {
    for (const listener of listeners) listener(chat)
  }
  return {
    of: person => [...chats.values()].find(chat => chat.person.aadObjectId === person.aadObjectId) ?? begin(person),
    find: chatId => chats.get(chatId),
    findByMember: member =>
      [...chats.values()].find(chat => chat.userId === member || chat.person.aadObjectId === member),
    all: () => [...chats.values()],
    add(chat, { id, from, activity }) {
      const message: ChatMessage = { id, from, activity, at: now(), edits: 0, deleted: false }
      chat.messages.push(message)
      delete chat.typingAt
      changed(chat)
      return message
    },
    nextId,
    changed,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
