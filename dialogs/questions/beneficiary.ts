import { beneficiaries, chooseBeneficiary, type Beneficiary } from '../../services/drafts/draft.ts'
import { heading } from '../cards/adaptive-card.ts'
import { openDraft, relativesFor } from '../open-draft.ts'
import { unclear, type Question } from '../question.ts'
import { answerOf } from '../token.ts'
import { say, type TurnScope } from '../turn-scope.ts'
import { classify } from '../understanding/classify.ts'
import { namesOtherRelative } from '../understanding/other-relative.ts'

function meaning({ message }: TurnScope): Beneficiary | undefined {
  const said =
    message.kind === 'answer' ? message.value.choice : message.kind === 'text' && classify(message.text, 'beneficiary')
  return beneficiaries.find(beneficiary => beneficiary === said)
}

/** "Pour ma mère": the service is for the member, the spouse and the children. */
function saysOther({ message }: TurnScope): boolean {
  return message.kind === 'text' && namesOtherRelative(message.text)
}

export const beneficiaryQuestion: Question = {
  name: 'beneficiary',
  title: 'step.beneficiary',
  view(scope, token) {
    return {
      body: [heading(say(scope, 'beneficiary.ask'))],
      choices: token
        ? beneficiaries.map(who => ({ title: say(scope, `beneficiary.${who}`), value: answerOf(token, who) }))
        : [],
    }
  },
  answer(scope) {
    const who = meaning(scope)
    if (!who)
      return saysOther(scope)
        ? { result: 'stays', told: say(scope, 'beneficiary.notEligibleRelation'), again: true }
        : unclear
    const relatives = relativesFor(scope, who)
    if (who !== 'member' && relatives.length === 0) {
      return { result: 'stays', told: say(scope, 'beneficiary.noneRegistered'), again: true }
    }
    scope.draft.change(chooseBeneficiary(openDraft(scope), who, relatives))
    return { result: 'answered', closed: say(scope, 'answered.choice', { answer: say(scope, `beneficiary.${who}`) }) }
  },
}
