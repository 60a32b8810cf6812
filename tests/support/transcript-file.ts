import { z } from 'zod'
import { beneficiaries, steps } from '../../services/drafts/draft.ts'
import { languages, type Language } from '../../services/language.ts'

const headSchema = z.object({
  /** Who is talking, among the demo members. */
  ppr: z.string().default('1000001'),
  /** Where the conversation is taken up; what comes before is played without being written down. */
  at: z.enum([...steps, 'submitted']).optional(),
  for: z.enum(beneficiaries).optional(),
  /** The language of the page on which the chat is opened, when it is not that of the folder. */
  'opened in': z.enum(languages).optional(),
})

/** A conversation written down: what it shows, how it begins, then everything that was said and done. */
export interface TranscriptFile {
  readonly title: string
  readonly head: z.infer<typeof headSchema>
  readonly headLines: readonly string[]
  /** What the member, or the office, does; the rest is what must come of it. */
  readonly deeds: readonly Deed[]
}

export const verbs = [
  'member', // writes these words
  'press', // a live button
  'press old', // a button that was shown first in the conversation, live or not
  'press again', // the same button as before, once more
  'menu', // a command of the chat's header, with its choice
  'attach', // files: their kind and name, with + between them
  'return', // after so many days
  'wait', // so many hours, with the chat open
  'reload', // sees the chat again as it is
  'office', // something changes at the foundation
] as const

export interface Deed {
  readonly line: string
  /** In a second conversation of the same member. */
  readonly elsewhere: boolean
  readonly verb: (typeof verbs)[number]
  readonly rest: string
}

const deed = new RegExp(`^(elsewhere )?(${[...verbs].sort((a, b) => b.length - a.length).join('|')})(?:: (.*))?$`)

function readDeed(line: string): Deed[] {
  const [, elsewhere, said, rest = ''] = deed.exec(line) ?? []
  const verb = verbs.find(one => one === said)
  return verb ? [{ line, elsewhere: elsewhere !== undefined, verb, rest }] : []
}

/** Title, head (`key: value`), an empty line, then the conversation. What the assistant says on further lines is indented. */
export function readTranscript(text: string): TranscriptFile {
  const [begin = '', ...rest] = text.split('\n\n')
  const [title = '', ...headLines] = begin.trim().split('\n')
  const head = headSchema.strict().parse(Object.fromEntries(headLines.map(line => line.split(': '))))
  return { title, head, headLines, deeds: rest.join('\n').split('\n').flatMap(readDeed) }
}

export function writeTranscript({ title, headLines }: TranscriptFile, said: readonly string[]): string {
  return `${[title, ...headLines].join('\n')}\n\n${said.join('\n').trim()}\n`
}

export function languageOf(file: TranscriptFile, folder: Language): Language {
  return file.head['opened in'] ?? folder
}
