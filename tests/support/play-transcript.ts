import { demoMembers } from '../../services/members/demo-members.ts'
import type { RegisterEntry } from '../../services/members/register-file.ts'
import { fromPage, openChat, type Chat } from './chat.ts'
import { fileOf } from './named-files.ts'
import type { Office } from './office.ts'
import { openProactive, statusFile, tellAll } from './proactive.ts'
import { goTo } from './shortcuts.ts'
import { languageOf, type Deed, type TranscriptFile } from './transcript-file.ts'
import type { Language } from '../../services/language.ts'

const HOUR_MS = 60 * 60 * 1000

interface Stage {
  readonly office: Office
  readonly chat: Chat
  readonly ppr: string
}

/** Plays what the member does and writes down the whole conversation as it went. */
export async function playTranscript(office: Office, file: TranscriptFile, folder: Language): Promise<string[]> {
  const { head } = file
  const opening = { ppr: head.ppr, language: languageOf(file, folder) }
  const here = await openChat(office, opening)
  const shortcut = head.at && { to: head.at, ...(head.for && { beneficiary: head.for }) }
  if (shortcut) await goTo(office, here, shortcut)
  const begun = await here.heard()
  // After a shortcut only what stands in the chat last is written down.
  const said = shortcut ? lastMessage(begun) : begun.flat()
  let elsewhere: Chat | undefined
  for (const deed of file.deeds) {
    said.push('', deed.line)
    if (deed.elsewhere) elsewhere ??= await openChat(office, opening)
    await play({ office, chat: (deed.elsewhere && elsewhere) || here, ppr: head.ppr }, deed)
    said.push(...(await here.heard()).flat())
    said.push(...((await elsewhere?.heard()) ?? []).flatMap(([first = '', ...rest]) => [`elsewhere ${first}`, ...rest]))
  }
  return said
}

const lastMessage = (blocks: string[][]) => blocks.findLast(([first]) => first?.startsWith('bot')) ?? []

async function play({ office, chat, ppr }: Stage, { verb, rest }: Deed): Promise<void> {
  switch (verb) {
    case 'member':
      return chat.writes(rest)
    case 'press':
      return chat.presses(rest)
    case 'press old':
      return chat.pressesOld(rest)
    case 'press again':
      return chat.pressesAgain()
    case 'menu': {
      const [command = '', choice] = rest.split(' ')
      return chat.sends(fromPage({ value: { v: 1, command, ...(choice && { choice }) } }))
    }
    case 'attach':
      return chat.attaches(...(await Promise.all(rest.split(' + ').map(file))))
    case 'return':
      pass(office, Number.parseInt(rest) * 24)
      return chat.sends({ type: 'event', name: 'moussaada/returned' })
    case 'wait':
      return pass(office, Number.parseInt(rest))
    case 'reload':
      return
    case 'office':
      return change({ office, chat, ppr }, rest)
  }
}

async function file(written: string) {
  const [kind = '', ...name] = written.split(' ')
  return { name: name.join(' '), bytes: await fileOf(kind) }
}

function pass({ clock }: Office, hours: number): void {
  clock.at = new Date(clock.at.getTime() + hours * HOUR_MS)
}

/** What may happen at the foundation meanwhile. */
async function change({ office, ppr }: Stage, what: string): Promise<void> {
  const [count] = /^\d+(?= earlier requests?$)/.exec(what) ?? []
  if (count) return submitSilently(office, ppr, Number(count))
  if (await tellUnasked(office, what)) return
  const member = demoMembers.find(one => one.ppr === ppr)
  const changed = member && changedEntry(member, what)
  if (!changed) throw new Error(`nothing of the kind can happen: « ${what} »`)
  await office.register([changed])
}

/** What a member is told without having asked. */
async function tellUnasked(office: Office, what: string): Promise<boolean> {
  const [, number = '', status = ''] = /^(AES-[\d-]+) becomes (\w+)$/.exec(what) ?? []
  const isReminder = what === 'members are reminded'
  if (!number && !isReminder) return false
  const proactive = openProactive(office.database, { now: () => new Date(office.clock.at) })
  if (number) await proactive.statusChanges.run(statusFile([number, status]))
  else await proactive.remind()
  await tellAll(office, proactive.notices)
  return true
}

function changedEntry(member: RegisterEntry, what: string): RegisterEntry | undefined {
  const [, kind, value = ''] = /^(the RIB is|no longer on file is|on file is the child) (.+)$/.exec(what) ?? []
  const { relatives } = member
  switch (kind) {
    case 'the RIB is':
      return { ...member, rib: value }
    case 'no longer on file is':
      return { ...member, relatives: relatives.filter(({ name }) => name !== value) }
    case 'on file is the child':
      return { ...member, relatives: [...relatives, { kind: 'child', name: value }] }
    default:
      return undefined
  }
}

async function submitSilently(office: Office, ppr: string, count: number): Promise<void> {
  const chat = await openChat(office, { ppr, language: 'fr' })
  const about = ['member', 'spouse', 'child'] as const
  for (let done = 0; done < count; done++) {
    const beneficiary = about[done % about.length] ?? 'member'
    await goTo(office, chat, { to: 'submitted', beneficiary })
    pass(office, 24)
  }
}
