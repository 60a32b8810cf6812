import type { CheckedFile, IncomingMessage } from '../dialogs/incoming-message.ts'
import { answerValue, commandValue } from '../dialogs/token.ts'
import {
  fileContentSchema,
  type ActivityBody,
  type Attachment,
  type RefusalReason,
} from '../services/conversations/activity.ts'
import { channelEvents } from '../services/conversations/channel-events.ts'
import { nextStep, type Draft } from '../services/drafts/draft.ts'
import { proactiveValueSchema } from '../services/proactive/proactive-notice.ts'
import { MASK_SIGN } from '../services/members/rib.ts'
import type { StoredFiles } from './stored-files.ts'

interface Deps {
  readonly storedFiles: Pick<StoredFiles, 'check'>
}

function readValue(value: unknown): IncomingMessage {
  const answer = answerValue.safeParse(value)
  if (answer.success) return { kind: 'answer', value: answer.data }
  const command = commandValue.safeParse(value)
  return command.success ? { kind: 'command', value: command.data } : { kind: 'unreadable' }
}

async function checkFile({ storedFiles }: Deps, id: string, name: string): Promise<CheckedFile> {
  const verdict = await storedFiles.check(id)
  if (verdict.ok) return { verdict: 'accepted', document: { id, name, pages: verdict.pages } }
  const { ok: _, ...rejection } = verdict
  return { verdict: 'rejected', document: id, name, ...rejection }
}

/** What keeps a file out matters only where one is asked for; before that it is too early for any. */
function isTooEarly(reason: RefusalReason, draft: Draft | undefined): boolean {
  const step = draft && nextStep(draft)
  if (reason === 'elsewhere') return step !== 'document' && step !== 'motif'
  return (reason === 'image' || reason === 'multiple') && step !== 'document'
}

/** Reads a file that came in. The check runs here, before the turn's transaction. */
async function readFile(deps: Deps, attachment: Attachment, draft: Draft | undefined): Promise<IncomingMessage> {
  const content = fileContentSchema.safeParse(attachment.content)
  if (!content.success) return { kind: 'unreadable' }
  const name = attachment.name ?? ''
  if ('refused' in content.data) {
    const { refused: reason, size, count } = content.data
    if (isTooEarly(reason, draft)) return { kind: 'file', file: { verdict: 'refused', name, reason: 'unexpected' } }
    const numbers = { ...(size !== undefined && { size }), ...(count !== undefined && { count }) }
    return { kind: 'file', file: { verdict: 'refused', name, reason, ...numbers } }
  }
  const isAsked = draft && nextStep(draft) === 'document'
  if (!isAsked) return { kind: 'file', file: { verdict: 'refused', name, reason: 'unexpected' } }
  return { kind: 'file', file: await checkFile(deps, content.data.document, name) }
}

/** The stored document that came with an activity, whatever becomes of it. */
export function documentIn(body: ActivityBody): string | undefined {
  const [attachment] = body.attachments ?? []
  const content = attachment && fileContentSchema.safeParse(attachment.content)
  return content?.success && 'document' in content.data ? content.data.document : undefined
}

function readEvent({ name, value }: ActivityBody): IncomingMessage {
  const notice = name === channelEvents.proactive ? proactiveValueSchema.safeParse(value).data : undefined
  return notice ? { kind: 'proactive', notice } : { kind: 'unreadable' }
}

/** What came in, parsed: a button's value, a file with its verdict, words, or what is to be told unasked. */
export async function readMessage(deps: Deps, body: ActivityBody, draft: Draft | undefined): Promise<IncomingMessage> {
  if (body.type === 'event') return readEvent(body)
  if (body.value !== undefined) return readValue(body.value)
  const [attachment] = body.attachments ?? []
  if (attachment) return readFile(deps, attachment, draft)
  const text = body.text?.trim() ?? ''
  if (text === '') return { kind: 'unreadable' }
  return { kind: 'text', text, tooLong: body.truncated === true, heldRib: text.includes(MASK_SIGN) }
}
