import type { Language } from '../services/language.ts'

/*
 * What the launcher on the host page and the chat in its frame say to each other. Both sides check the sender's window
 * and origin; what arrives is read as unknown.
 */
export type FromChat =
  | { readonly type: 'tokenWanted'; readonly requestId: number }
  | { readonly type: 'ready' }
  | { readonly type: 'close' }
  | { readonly type: 'signIn' }
  | { readonly type: 'unread'; readonly count: number }
  | { readonly type: 'language'; readonly language: Language }

export type FromLauncher =
  | { readonly type: 'token'; readonly requestId: number; readonly status: number; readonly body: unknown }
  | { readonly type: 'shown' }
  /** The member has turned the page to this language. */
  | { readonly type: 'language'; readonly language: Language }
  /** Whoever tabbed out of the chat at one end comes in again at the other. */
  | { readonly type: 'focus'; readonly at: 'start' | 'end' }
  | { readonly type: 'hidden' }

const mark = 'moussaada'

export const seal = <Message extends FromChat | FromLauncher>(message: Message) => ({ [mark]: 1, ...message })

const isRecord = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null && mark in data

/** The message of a chat, or nothing when `data` is somebody else's. */
export function readFromChat(data: unknown): FromChat | undefined {
  if (!isRecord(data)) return undefined
  const { type, requestId, count, language } = data
  if (type === 'ready' || type === 'close' || type === 'signIn') return { type }
  if (type === 'tokenWanted' && typeof requestId === 'number') return { type, requestId }
  if (type === 'unread' && typeof count === 'number') return { type, count }
  if (type === 'language' && (language === 'fr' || language === 'ar')) return { type, language }
  return undefined
}

/** The message of a launcher, or nothing when `data` is somebody else's. */
export function readFromLauncher(data: unknown): FromLauncher | undefined {
  if (!isRecord(data)) return undefined
  const { type, requestId, status, body, at, language } = data
  if (type === 'language' && (language === 'fr' || language === 'ar')) return { type, language }
  if (type === 'focus' && (at === 'start' || at === 'end')) return { type, at }
  if (type === 'shown' || type === 'hidden') return { type }
  if (type === 'token' && typeof requestId === 'number' && typeof status === 'number') {
    return { type, requestId, status, body }
  }
  return undefined
}
