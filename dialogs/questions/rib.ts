import { confirmRib } from '../../services/drafts/draft.ts'
import { bankName, maskRib, RIB_PLACEHOLDER } from '../../services/members/rib.ts'
import { ribProblem, tellBlock } from '../blocked-rib.ts'
import { heading, number, paragraph, remark, type Choice } from '../cards/adaptive-card.ts'
import { openDraft } from '../open-draft.ts'
import { unclear, type Outcome, type Question } from '../question.ts'
import { nearestTo, proposal } from './proposal.ts'
import { answerOf, type QuestionToken } from '../token.ts'
import { say, type TurnScope } from '../turn-scope.ts'
import { classify } from '../understanding/classify.ts'

function meaning({ message }: TurnScope): string {
  if (message.kind === 'answer') return message.value.choice
  return message.kind === 'text' ? classify(message.text, 'rib') : 'none'
}

function choices(scope: TurnScope, token: QuestionToken): Choice[] {
  return [
    { title: say(scope, 'button.confirm'), value: answerOf(token, 'confirm'), primary: true },
    { title: say(scope, 'button.notMyRib'), value: answerOf(token, 'reject') },
    { title: say(scope, 'button.changeRib'), value: answerOf(token, 'change') },
  ]
}

function confirmed(scope: TurnScope, rib: string): Outcome {
  scope.draft.change(confirmRib(openDraft(scope), scope.submissions.ribHash(rib)))
  return { result: 'answered', closed: say(scope, 'answered.rib', { rib: maskRib(rib) }) }
}

/**
 * The RIB on file, shown for confirmation. A typed RIB is never taken: whoever has another one deposits it at FOSMEF and
 * the draft waits. The stored card holds a placeholder; only delivery to its owner puts the digits in.
 */
export const ribQuestion: Question = {
  name: 'rib',
  title: 'step.rib',
  view(scope, token) {
    const { rib } = scope.member
    const problem = ribProblem(scope)
    if (!rib || problem)
      return { body: [paragraph(tellBlock(scope, problem ?? 'missing'))], choices: [], isNotice: true }
    const bank = bankName(rib)
    return {
      body: [
        heading(say(scope, 'rib.title')),
        number(token ? RIB_PLACEHOLDER : maskRib(rib)),
        ...(bank ? [remark(say(scope, 'rib.bank', { bank }))] : []),
      ],
      choices: token ? choices(scope, token) : [],
    }
  },
  answer(scope) {
    const { rib } = scope.member
    const problem = ribProblem(scope)
    if (!rib || problem) return { result: 'unclear', again: false }
    // A « d'accord » to the deposit notice confirms nothing: who rejected this RIB sees it again.
    if (scope.memory.asked?.closed) return { result: 'stays', again: true }
    switch (meaning(scope)) {
      case 'confirm':
        return confirmed(scope, rib)
      case 'reject':
        return waiting(scope, 'reject')
      case 'change':
        return waiting(scope, 'change')
      default:
        return near(scope)
    }
  },
}

/** Words that do not bind. */
function near(scope: TurnScope): Outcome {
  const nearest = nearestTo(scope, 'rib')
  if (!nearest) return unclear
  return nearest === 'confirm'
    ? proposal(scope, { title: say(scope, 'button.confirm'), choice: 'confirm' })
    : { result: 'stays', told: say(scope, 'rib.stillOpen'), again: true }
}

function waiting(scope: TurnScope, refused: 'reject' | 'change'): Outcome {
  const { asked } = scope.memory
  if (asked) scope.memory.asked = { ...asked, refused }
  const answer = say(scope, refused === 'reject' ? 'button.notMyRib' : 'button.changeRib')
  const closed = say(scope, 'answered.choice', { answer })
  return { result: 'stays', told: tellBlock(scope, refused), closed, again: false }
}
