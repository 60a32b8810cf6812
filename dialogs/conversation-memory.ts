import { z } from 'zod'
import { questionNames } from './token.ts'

const askedSchema = z.object({
  draft: z.string(),
  version: z.number(),
  step: z.enum(questionNames),
  /** Where the question stands in the chat. */
  position: z.number(),
  language: z.enum(['fr', 'ar']),
  /** Its card cannot be answered: it was used, or says only what is waited for. */
  closed: z.boolean(),
  /** What the member said of the RIB that it showed: not theirs, or no longer. */
  refused: z.enum(['reject', 'change']).optional(),
})

/** The question that waits for its answer, in this conversation. */
export type AskedQuestion = z.infer<typeof askedSchema>

const memorySchema = z.object({
  asked: askedSchema.optional(),
  /** Answers in a row that were not understood. */
  misses: z.number(),
  /** A sentence or a choice of the member has settled the language: one message in the other one changes it no more. */
  spoke: z.boolean(),
  /** Messages in a row in the language that is not the chat's. */
  strays: z.number().default(0),
  /** The chat went over to the member's language by itself; *undone* when they took that back. */
  followed: z.enum(['yes', 'undone']).optional(),
  /** What advanced the request last, as a digest, and when in milliseconds: a channel may deliver it again. */
  advanced: z.object({ said: z.string(), at: z.number() }).optional(),
})

/**
 * What a conversation remembers between turns, beside its draft; all of it may be lost without losing an answer. Of the
 * dialogs themselves nothing is stored: their stack follows from the question that was asked.
 */
export type ConversationMemory = z.infer<typeof memorySchema>

const blank = (): ConversationMemory => ({ misses: 0, spoke: false, strays: 0 })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A conversation's state as it is stored: the place of its question stands beside it, for only the database knows that. */
export interface StoredMemory {
  readonly state: string
  readonly askedPosition?: number | undefined
}

const storedSchema = memorySchema.extend({ asked: askedSchema.extend({ position: z.number().optional() }).optional() })

/** Reads a conversation's state. What cannot be read any more counts as nothing remembered. */
export function recall({ state, askedPosition }: StoredMemory): ConversationMemory {
  const stored = storedSchema.safeParse(parsed(state)).data
  if (!stored) return blank()
  const { asked, ...memory } = stored
  // In an older version's state, which another instance may still write, the place stands within.
  const position = asked?.position ?? askedPosition
  return { ...memory, ...(asked && position !== undefined && { asked: { ...asked, position } }) }
}

export function remember({ asked, ...memory }: ConversationMemory): StoredMemory {
  if (!asked) return { state: JSON.stringify(memory) }
  const { position: askedPosition, ...question } = asked
  return { state: JSON.stringify({ ...memory, asked: question }), askedPosition }
}
