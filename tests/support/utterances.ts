import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Context } from '../../dialogs/understanding/classify.ts'

export const varieties = ['fr', 'ar', 'darija', 'arabizi'] as const
export const contexts = [
  'any',
  'consent',
  'rib',
  'beneficiary',
  'motif',
  'document',
  'review',
] as const satisfies Context[]

const utterance = z.strictObject({ text: z.string(), context: z.enum(contexts), label: z.string() })
export type Utterance = z.infer<typeof utterance>

/** What members may write, labelled by hand: one JSON object a line, a file for each variety. */
export function utterancesIn(variety: (typeof varieties)[number]): Utterance[] {
  const lines = readFileSync(`tests/conversations/utterances/${variety}.jsonl`, 'utf8').trim().split('\n')
  return lines.map(line => utterance.parse(JSON.parse(line)))
}
