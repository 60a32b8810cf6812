import { fixturePdf } from './named-pdfs.ts'
import { openChat, type Chat } from './chat.ts'
import type { Office } from './office.ts'

/** A conversation written down: who it is about, then everything that was said. */
export interface TranscriptFile {
  readonly title: string
  readonly ppr: string
  readonly lines: readonly string[]
}

/**
 * Reads a transcript. Its first line is the title, its second `ppr: …`. Then come the member's lines, which are played, and
 * the assistant's, which are compared:
 * `member: words`, `press: button`, `press first: button` (one that was shown long ago), `attach: kind name.pdf`,
 * `wait: days`, `other chat: …` (the line is played in a second conversation of the same member),
 * `bot: …` with its further lines below it, and `edit: …` for a card that changed in place.
 */
export function readTranscript(text: string): TranscriptFile {
  const [title = '', ppr = '', ...lines] = text.split('\n').map(line => line.trim())
  return { title, ppr: ppr.replace('ppr: ', ''), lines: lines.filter(line => line !== '') }
}

const DAY_MS = 24 * 60 * 60 * 1000
const played = /^(other chat: )?(member|press|press first|attach|wait):\s*(.*)$/

async function play(office: Office, chat: Chat, [verb, rest]: [string, string]): Promise<void> {
  switch (verb) {
    case 'member':
      return chat.writes(rest)
    case 'press':
      return chat.presses(rest)
    case 'press first':
      return chat.presses(rest, 'first')
    case 'attach': {
      const [kind = '', ...name] = rest.split(' ')
      return chat.attaches(name.join(' '), await fixturePdf(kind))
    }
    case 'wait':
      office.clock.at = new Date(office.clock.at.getTime() + Number(rest) * DAY_MS)
      return chat.sends({ type: 'event', name: 'moussaada/returned' })
  }
}

/** Plays the member's lines and writes down the whole conversation as it went. */
export async function playTranscript(office: Office, file: TranscriptFile, language: 'fr' | 'ar'): Promise<string[]> {
  const chats: Chat[] = [await openChat(office, { ppr: file.ppr, language })]
  const [first] = chats
  const said: string[] = first ? (await first.heard()).flat() : []
  for (const line of file.lines) {
    const [, other, verb, rest] = played.exec(line) ?? []
    if (!verb || rest === undefined) continue
    said.push('', line)
    const index = other ? 1 : 0
    const chat = (chats[index] ??= await openChat(office, { ppr: file.ppr, language }))
    await play(office, chat, [verb, rest])
    said.push(...(await chat.heard()).flat().map(heard => (other ? `other  ${heard}` : heard)))
  }
  return said
}
