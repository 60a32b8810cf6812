import { acceptNotice } from '../../services/drafts/draft.ts'
import { heading, paragraph } from '../cards/adaptive-card.ts'
import { unclear, type Outcome, type Question } from '../question.ts'
import { nearestTo, proposal } from './proposal.ts'
import { answerOf } from '../token.ts'
import { openDraft } from '../open-draft.ts'
import { say, type TurnScope } from '../turn-scope.ts'
import { classify } from '../understanding/classify.ts'

function meaning({ message }: TurnScope): string {
  if (message.kind === 'answer') return message.value.choice
  return message.kind === 'text' ? classify(message.text, 'consent') : 'none'
}

/** Words that do not bind. */
function near(scope: TurnScope): Outcome {
  switch (nearestTo(scope, 'consent')) {
    case 'accept':
      return proposal(scope, { title: say(scope, 'button.accept'), choice: 'accept' })
    case 'decline':
      return proposal(scope, { title: say(scope, 'button.decline'), choice: 'decline' })
    case 'open':
      return { result: 'stays', told: say(scope, 'consent.stillOpen'), again: true }
    default:
      return unclear
  }
}

/** The notice of law 09-08 with its one button, which starts the request. */
export const consentQuestion: Question = {
  name: 'consent',
  title: 'step.consent',
  lasts: true,
  view(scope, token) {
    const { contact, retention, cndpReference } = scope.wording
    const values = {
      contact: contact[scope.language],
      retention: retention[scope.language],
      cndpReference: cndpReference[scope.language],
    }
    return {
      body: [
        heading(say(scope, 'consent.title')),
        paragraph(say(scope, 'consent.notice', values)),
        paragraph(say(scope, 'consent.forOther')),
      ],
      choices: token ? [{ title: say(scope, 'button.accept'), value: answerOf(token, 'accept'), primary: true }] : [],
    }
  },
  answer(scope) {
    switch (meaning(scope)) {
      case 'accept': {
        const { language, wording } = scope
        scope.draft.change(
          acceptNotice(openDraft(scope), { version: wording.noticeVersion, language, at: scope.now() }),
        )
        return { result: 'answered', closed: say(scope, 'answered.consent') }
      }
      case 'decline':
        scope.draft.abandon()
        return {
          result: 'stays',
          told: say(scope, 'consent.declined', { url: scope.wording.portalUrl }),
          closed: say(scope, 'answered.declined'),
          again: false,
        }
      default:
        return near(scope)
    }
  },
}
