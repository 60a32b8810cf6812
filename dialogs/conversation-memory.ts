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
})

/** The question that waits for its answer, in this conversation. */
export type AskedQuestion = z.infer<typeof askedSchema>

const memorySchema = z.object({
  asked: askedSchema.optional(),
  /** Answers in a row that were not understood. */
  misses: z.number(),
  /** The member has written something here: from now on only a word or a button changes the language. */
  spoke: z.boolean(),
})

/**
 * What a conversation remembers between turns, beside its draft; all of it may be lost without losing an answer. Of the
 * dialogs themselves nothing is stored: their stack follows from the question that was asked.
 */
export type ConversationMemory = z.infer<typeof memorySchema>

const blank = (): ConversationMemory => ({ misses: 0, spoke: false })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads a conversation's state. What cannot be read any more counts as nothing remembered. */
export function recall(state: string): ConversationMemory {
  return memorySchema.safeParse(parsed(state)).data ?? blank()
}

export function remember(memory: ConversationMemory): string {
  return JSON.stringify(memory)
}
