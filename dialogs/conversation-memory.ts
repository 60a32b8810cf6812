import { z } from 'zod'
import { questionNames } from './token.ts'

/** Raised when a stored stack could be misread by the dialogs of today; an older one is then dropped, the draft stays. */
const STACK_VERSION = 1

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
  stackVersion: z.number(),
  stack: z.array(z.looseObject({ id: z.string(), state: z.unknown() })),
  asked: askedSchema.optional(),
  /** Answers in a row that were not understood. */
  misses: z.number(),
  /** The member has written something here: from now on only a word or a button changes the language. */
  spoke: z.boolean(),
})

/** What a conversation remembers between turns, beside its draft; all of it may be lost without losing an answer. */
export type ConversationMemory = z.infer<typeof memorySchema>

const blank = (): ConversationMemory => ({ stackVersion: STACK_VERSION, stack: [], misses: 0, spoke: false })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads a conversation's state. What cannot be read any more counts as nothing remembered. */
export function recall(state: string): ConversationMemory {
  const result = memorySchema.safeParse(parsed(state))
  if (!result.success) return blank()
  return result.data.stackVersion === STACK_VERSION ? result.data : { ...result.data, ...blank() }
}

export function remember(memory: ConversationMemory): string {
  return JSON.stringify(memory)
}
