import type { FileContent } from '../services/conversations/activity.ts'
import type { FileType } from '../services/file-type.ts'
import type { PdfVerdict } from '../services/documents/pdf-check/pdf-check.ts'
import type { DraftDocument } from '../services/drafts/draft.ts'
import type { ProactiveNotice } from '../services/proactive/proactive-notice.ts'
import type { AnswerValue, CommandValue } from './token.ts'

export type PdfRejection = Extract<PdfVerdict, { ok: false }>['reason']

/** A file as the turn found it before its transaction began. */
export type CheckedFile =
  | { readonly verdict: 'accepted'; readonly document: DraftDocument }
  | {
      readonly verdict: 'rejected'
      readonly document: string
      readonly name: string
      readonly reason: PdfRejection
      readonly foundType?: FileType | undefined
      readonly pages?: number | undefined
    }
  | {
      readonly verdict: 'refused'
      readonly name: string
      readonly reason: Extract<FileContent, { refused: string }>['refused']
      readonly size?: number
      readonly count?: number
    }

/** What a member sent, read but not yet given a meaning. */
export type IncomingMessage =
  | { readonly kind: 'answer'; readonly value: AnswerValue }
  | { readonly kind: 'command'; readonly value: CommandValue }
  | { readonly kind: 'text'; readonly text: string; readonly tooLong: boolean; readonly heldRib: boolean }
  | { readonly kind: 'file'; readonly file: CheckedFile }
  | { readonly kind: 'proactive'; readonly notice: ProactiveNotice & { readonly opens: boolean } }
  | { readonly kind: 'unreadable' }
