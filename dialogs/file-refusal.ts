import { MAX_DOCUMENT_BYTES } from '../services/documents/limits.ts'
import type { CheckedFile } from './incoming-message.ts'
import { say, voiceOf, type TurnScope } from './turn-scope.ts'

type Refused = Exclude<CheckedFile, { verdict: 'accepted' }>

/** One sentence that says what is wrong with the file and what to do; nothing of the file is kept. */
export function tellRefusal(scope: TurnScope, file: Refused): string {
  const voice = voiceOf(scope)
  const fileName = file.name
  switch (file.reason) {
    case 'unexpected':
      return say(scope, 'document.unexpected')
    case 'multiple':
      return say(scope, 'document.reject.multiple', { count: file.count ?? 1 })
    case 'tooLarge': {
      const size = voice.size(Math.max(file.size ?? 0, MAX_DOCUMENT_BYTES + 1024 * 1024))
      return say(scope, 'document.reject.tooLarge', { fileName, size, maxSize: voice.size(MAX_DOCUMENT_BYTES) })
    }
    case 'tooManyPages':
      return say(scope, 'document.reject.tooManyPages', { fileName, count: file.pages ?? 0 })
    default:
      return say(scope, `document.reject.${file.reason}`, { fileName })
  }
}
