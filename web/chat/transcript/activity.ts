import type { Language } from '../../../services/language.ts'
import { asLanguage } from '../../words/page-language.ts'

export type StepInfo = { readonly step: string; readonly index: number; readonly total: number; readonly title: string }
export type Attachment = {
  readonly contentType: string
  readonly name?: string
  readonly contentUrl?: string
  readonly content?: unknown
}

/** One activity of the transcript as the widget shows it. */
export type ShownActivity = {
  readonly id?: string
  /** Stays the same from the moment of writing to the server's echo and later edits. */
  readonly key: string
  readonly clientId?: string
  readonly role: 'bot' | 'user'
  readonly type: string
  readonly name?: string
  readonly text?: string
  readonly language?: Language
  readonly attachments: readonly Attachment[]
  readonly value?: unknown
  readonly postBack: boolean
  /** null: the stepper goes away. undefined: this message says nothing about steps. */
  readonly step?: StepInfo | null
  /** Its place in the conversation on the server. */
  readonly position?: number
}

type Fields = Record<string, unknown>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {})
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

function readStep(channelData: Fields): StepInfo | null | undefined {
  if (!('moussaada' in channelData)) return undefined
  const { step, index, total, title } = fieldsOf(channelData['moussaada'])
  if (step === null) return null
  if (typeof step !== 'string' || typeof index !== 'number' || typeof total !== 'number') return undefined
  return { step, index, total, title: textOf(title) ?? step }
}

function readAttachment(value: unknown): Attachment {
  const { contentType, name, contentUrl, content } = fieldsOf(value)
  const [knownName, knownUrl] = [textOf(name), textOf(contentUrl)]
  return {
    contentType: textOf(contentType) ?? '',
    content,
    ...(knownName ? { name: knownName } : {}),
    ...(knownUrl ? { contentUrl: knownUrl } : {}),
  }
}

/** Drops the members that are undefined, so that absence has one form. */
function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
}

function read(activity: unknown): ShownActivity {
  const fields = fieldsOf(activity)
  const channelData = fieldsOf(fields['channelData'])
  const clientId = textOf(channelData['clientActivityID'])
  const id = textOf(fields['id'])
  const attachments = Array.isArray(fields['attachments']) ? fields['attachments'].map(readAttachment) : []
  return present({
    id,
    key: clientId ?? id ?? '',
    clientId,
    role: fieldsOf(fields['from'])['role'] === 'user' ? 'user' : 'bot',
    type: textOf(fields['type']) ?? '',
    name: textOf(fieldsOf(fields['from'])['name']),
    text: textOf(fields['text']),
    language: asLanguage(textOf(fields['locale'])),
    attachments,
    value: fields['value'],
    postBack: channelData['postBack'] === true,
    step: readStep(channelData),
    position: id === undefined ? undefined : numberOf(channelData['webchat:sequence-id']),
  } as ShownActivity)
}

const known = new WeakMap<object, ShownActivity>()

/** Reads an activity of Web Chat's store; the same activity gives the same object, so that React can skip it. */
export function readActivity(activity: object): ShownActivity {
  const found = known.get(activity)
  if (found) return found
  const shown = read(activity)
  known.set(activity, shown)
  return shown
}
