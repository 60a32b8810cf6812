import type { Answer } from './answer.ts'
import type { OwnConversation } from './access.ts'
import type { Intake } from './intake.ts'
import { messageLimit, uploadLimit } from './limits.ts'

export interface UploadStartParts {
  readonly intake: Pick<Intake, 'overLimit'>
  readonly openDraftOf: (memberId: string) => Promise<{ readonly id: string; readonly step: string } | undefined>
}

/** `dossierId`: of the open request that waits for its document. Undefined: nobody asked for a file. */
export type UploadStart =
  { readonly may: true; readonly dossierId: string | undefined } | { readonly may: false; readonly answer: Answer }

/** Asked once for every file, before its first byte is read, whichever way it comes. What a member may send is decided here. */
export async function startUpload(parts: UploadStartParts, own: OwnConversation): Promise<UploadStart> {
  const draft = await parts.openDraftOf(own.bearer.memberId)
  const dossierId = draft?.step === 'document' ? draft.id : undefined
  const limits = dossierId === undefined ? [messageLimit] : [messageLimit, uploadLimit]
  const answer = await parts.intake.overLimit(own, ...limits)
  return answer ? { may: false, answer } : { may: true, dossierId }
}
