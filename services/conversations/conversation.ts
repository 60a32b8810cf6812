import type { Language } from '../language.ts'

export type Channel = 'webchat' | 'msteams'

export interface Conversation {
  readonly id: string
  readonly channel: Channel
  readonly memberId?: string
  readonly language: Language
  /** Which question was asked last, as JSON text that only the dialogs read. */
  readonly state: string
  /** The place in the chat of the question asked last. */
  readonly askedPosition?: number
  /** The highest seq that was taken. */
  readonly lastSeq: number
  /** When its member last did something. */
  readonly activeAt: Date
  readonly closedAt?: Date
}

/** A conversation by its id, and whose it is as far as that is known. */
export type ConversationOf = Pick<Conversation, 'id' | 'memberId'>

export interface NewConversation {
  readonly id: string
  readonly channel: Channel
  readonly memberId?: string | undefined
  readonly language: Language
}

/** `again`: an activity with this client id is already there, at `position`. `closed`: nothing was stored. */
export type TakenIn =
  | { readonly taken: 'new' | 'again'; readonly position: number; readonly memberId?: string }
  | { readonly taken: 'closed' }

/** Topic of the event bus that says that a transcript has changed. */
export const transcriptTopic = (conversationId: string) => `conversation:${conversationId}`
