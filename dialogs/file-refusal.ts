import { MAX_PAGES } from '../services/documents/pdf-check/limits.ts'
import type { FileType } from '../services/file-type.ts'
import type { MessageKey } from '../locales/translator.ts'
import { nextStep } from '../services/drafts/draft.ts'
import { MAX_DOCUMENT_BYTES } from '../services/documents/limits.ts'
import type { CheckedFile } from './incoming-message.ts'
import { say, voiceOf, type TurnScope } from './turn-scope.ts'

type Refused = Exclude<CheckedFile, { verdict: 'accepted' }>

const foundTypes: Record<FileType, MessageKey> = {
  photo: 'document.reject.notPdfPhoto',
  office: 'document.reject.notPdfOffice',
  archive: 'document.reject.notPdfArchive',
}

function unexpectedAt({ draft: { current } }: TurnScope): MessageKey {
  if (!current) return 'document.unexpectedAlone'
  return nextStep(current) === 'review' ? 'document.unexpectedAtReview' : 'document.unexpected'
}

/** One sentence that says what is wrong with the file and what to do; nothing of the file is kept. */
export function tellRefusal(scope: TurnScope, file: Refused): string {
  const voice = voiceOf(scope)
  const fileName = file.name
  switch (file.reason) {
    case 'unexpected':
      return say(scope, unexpectedAt(scope))
    case 'multiple':
      return say(scope, 'document.reject.multiple', { count: file.count ?? 1 })
    case 'tooLarge':
      return say(scope, 'document.reject.tooLarge', { fileName, maxSize: voice.size(MAX_DOCUMENT_BYTES) })
    case 'notPdf':
      return say(scope, file.foundType ? foundTypes[file.foundType] : 'document.reject.notPdf', { fileName })
    case 'tooManyPages': {
      const count = file.pages ?? MAX_PAGES + 1
      return say(scope, 'document.reject.tooManyPages', { fileName, count, maxPages: MAX_PAGES })
    }
    case 'tooManyAtOnce':
      return say(scope, 'document.reject.tooManyAtOnce', { count: scope.quota.limits.uploadsAtOnce })
    case 'tooManyToday':
      return say(scope, 'document.reject.tooManyToday', { count: scope.quota.limits.filesADay })
    case 'tooMuchKept':
      return say(scope, 'document.reject.tooMuchKept', { fileName, maxSize: voice.size(scope.quota.limits.bytesKept) })
    default:
      return say(scope, `document.reject.${file.reason}`, { fileName })
  }
}
