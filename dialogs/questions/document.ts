import { attachDocument, type DraftDocument } from '../../services/drafts/draft.ts'
import { heading, paragraph, remark } from '../cards/adaptive-card.ts'
import { tellRefusal } from '../file-refusal.ts'
import { openDraft } from '../open-draft.ts'
import type { Outcome, Question } from '../question.ts'
import { say, voiceOf, type TurnScope } from '../turn-scope.ts'
import { MAX_DOCUMENT_BYTES } from '../../services/documents/limits.ts'

/** The ✓ that the guide tells members to wait for, and the pages, by which they see that their scan is whole. */
function confirmation(scope: TurnScope, { name, pages }: DraftDocument): string {
  return `${say(scope, 'document.accepted', { fileName: name })} ${say(scope, 'document.pages', { count: pages })}`
}

function taken(scope: TurnScope): Outcome {
  const { message } = scope
  if (message.kind === 'text')
    return {
      result: 'stays',
      told: say(scope, 'document.notReceived', { button: say(scope, 'button.attach') }),
      again: true,
    }
  if (message.kind !== 'file') return { result: 'unclear' }
  const { file } = message
  if (file.verdict !== 'accepted') return { result: 'stays', told: tellRefusal(scope, file), again: true }
  scope.draft.change(attachDocument(openDraft(scope), file.document))
  return { result: 'answered', closed: confirmation(scope, file.document) }
}

/** One PDF that holds all the papers. */
export const documentQuestion: Question = {
  name: 'document',
  title: 'step.document',
  view(scope) {
    const maxSize = voiceOf(scope).size(MAX_DOCUMENT_BYTES)
    const { document } = openDraft(scope)
    return {
      body: [
        heading(say(scope, 'document.ask')),
        paragraph(say(scope, 'document.how')),
        remark(say(scope, 'document.hint', { maxSize })),
        ...(document ? [remark(say(scope, 'document.current', { fileName: document.name }))] : []),
      ],
      choices: [],
    }
  },
  answer: taken,
}
