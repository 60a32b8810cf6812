import { z } from 'zod'

export const questionNames = [
  'consent',
  'rib',
  'beneficiary',
  'person',
  'motif',
  'document',
  'review',
  'resume',
  'cancel',
  'restart',
] as const
/** What can be asked: the steps of a request, and what is asked beside them. */
export type QuestionName = (typeof questionNames)[number]

/** Which question a card asked: its answer counts only while this still holds. */
export interface QuestionToken {
  readonly draft: string
  readonly version: number
  readonly step: QuestionName
}

export const commands = [
  'request',
  'history',
  'help',
  'agent',
  'back',
  'cancel',
  'restart',
  'language',
  'deposit',
] as const
export type Command = (typeof commands)[number]

/** What a button of ours sends, as Web Chat's `postBack` or an `Action.Submit`. */
export const answerValue = z.object({
  v: z.literal(1),
  draft: z.uuid(),
  version: z.number().int(),
  step: z.enum(questionNames),
  choice: z.string().max(100),
})
export type AnswerValue = z.infer<typeof answerValue>

export const commandValue = z.object({
  v: z.literal(1),
  command: z.enum(commands),
  choice: z.string().max(100).optional(),
})
export type CommandValue = z.infer<typeof commandValue>

export const answerOf = (token: QuestionToken, choice: string): AnswerValue => ({ v: 1, ...token, choice })

export const commandOf = (command: Command, choice?: string): CommandValue => ({
  v: 1,
  command,
  ...(choice !== undefined && { choice }),
})
