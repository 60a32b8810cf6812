import { attachDocument } from '../../services/drafts/draft.ts'
import { heading, remark } from '../cards/adaptive-card.ts'
import { tellRefusal } from '../file-refusal.ts'
import { openDraft } from '../open-draft.ts'
import type { Outcome, Question } from '../question.ts'
import { say, voiceOf, type TurnScope } from '../turn-scope.ts'
import { MAX_DOCUMENT_BYTES } from '../../services/documents/limits.ts'

function taken(scope: TurnScope): Outcome {
  const { message } = scope
  if (message.kind === 'text') return { result: 'stays', told: say(scope, 'document.notReceived'), again: true }
  if (message.kind !== 'file') return { result: 'unclear' }
  const { file } = message
  if (file.verdict !== 'accepted') return { result: 'stays', told: tellRefusal(scope, file), again: true }
  scope.draft.change(attachDocument(openDraft(scope), file.document))
  return { result: 'answered', closed: say(scope, 'answered.document', { fileName: file.document.name }) }
}

/** One PDF that holds all the papers. */
export const documentQuestion: Question = {
  name: 'document',
  title: 'step.document',
  view(scope) {
    const maxSize = voiceOf(scope).size(MAX_DOCUMENT_BYTES)
    return {
      body: [heading(say(scope, 'document.ask')), remark(say(scope, 'document.hint', { maxSize }))],
      choices: [],
    }
  },
  answer: taken,
}
