import type { Chat } from '../connector/chats.ts'
import type { Connector } from '../connector/connector.ts'
import type { Emulator } from '../start-emulator.ts'

/** What the page draws for one person. */
export interface PageView {
  readonly name: string
  readonly locale: string
  readonly installed: boolean
  readonly blocked: boolean
  readonly typing: boolean
  readonly messages: readonly MessageView[]
  readonly pending: { readonly calls: number; readonly deliveries: number }
  /** What Graph was given: files of the library and letters that left. */
  readonly archived: readonly string[]
  readonly mailed: readonly string[]
  /** The newest first. */
  readonly log: readonly LogLine[]
}

export interface MessageView {
  readonly id: string
  readonly from: 'bot' | 'person'
  readonly at: string
  readonly edits: number
  readonly activity: Readonly<Record<string, unknown>>
}

export interface LogLine {
  readonly at: string
  readonly what: string
  readonly status: string
  readonly isFault: boolean
}

const shownLines = 40
/** Teams stops showing that somebody types when nothing comes for so long. */
const typingForMs = 10_000

export function logOf({ calls, deliveries }: Connector): LogLine[] {
  const ours = calls.map(({ at, operation, status }) => ({
    at: at.toISOString(),
    what: `bot: ${operation}`,
    status: String(status),
    isFault: status === 'reset' || status >= 400,
  }))
  const theirs = deliveries.map(({ at, type, status, ms }) => ({
    at: at.toISOString(),
    what: `Teams: ${type}`,
    status: `${status} in ${ms} ms`,
    isFault: typeof status !== 'number' || status >= 400,
  }))
  return [...ours, ...theirs].sort((a, b) => b.at.localeCompare(a.at)).slice(0, shownLines)
}

export function viewOf({ connector, graph }: Emulator, chat: Chat, now: Date): PageView {
  const { person, locale, installed, blocked, messages, typingAt } = chat
  return {
    name: person.name,
    locale,
    installed,
    blocked,
    typing: typingAt !== undefined && now.getTime() - typingAt.getTime() < typingForMs,
    messages: messages
      .filter(({ deleted }) => !deleted)
      .map(({ id, from, at, edits, activity }) => ({ id, from, at: at.toISOString(), edits, activity })),
    pending: connector.faults.pending(),
    archived: [...graph.drive.items.values()].map(({ path, bytes }) => `${path} (${bytes.length} bytes)`),
    mailed: graph.mail.delivered().map(({ subject, toRecipients }) => {
      const to = toRecipients.map(({ emailAddress }) => emailAddress.address).join(', ')
      return `${subject} → ${to}`
    }),
    log: logOf(connector),
  }
}
