import { choosePerson } from '../../services/drafts/draft.ts'
import type { Relative } from '../../services/members/member.ts'
import { heading } from '../cards/adaptive-card.ts'
import { openDraft, relativesFor } from '../open-draft.ts'
import { unclear, type Question } from '../question.ts'
import { answerOf } from '../token.ts'
import { say, type TurnScope } from '../turn-scope.ts'
import { matchPerson } from '../understanding/match-person.ts'

function candidates(scope: TurnScope): readonly Relative[] {
  return relativesFor(scope, openDraft(scope).beneficiary)
}

function chosen(scope: TurnScope): Relative | undefined {
  const { message } = scope
  const relatives = candidates(scope)
  if (message.kind === 'answer') return relatives.find(({ id }) => id === message.value.choice)
  if (message.kind !== 'text') return undefined
  const names = relatives.map(({ name }) => name)
  const index = matchPerson(message.text, names)
  return index === undefined ? undefined : relatives[index]
}

/** Asked only when several relatives of the kind are on file. A name may be in the other script than the page's. */
export const personQuestion: Question = {
  name: 'person',
  title: 'step.person',
  view(scope, token) {
    const ask = openDraft(scope).beneficiary === 'spouse' ? 'beneficiary.chooseSpouse' : 'beneficiary.chooseChild'
    return {
      body: [heading(say(scope, ask))],
      choices: token ? candidates(scope).map(({ id, name }) => ({ title: name, value: answerOf(token, id) })) : [],
    }
  },
  answer(scope) {
    const relative = chosen(scope)
    if (!relative) return unclear
    scope.draft.change(choosePerson(openDraft(scope), relative.id))
    return { result: 'answered', closed: say(scope, 'answered.choice', { answer: relative.name }) }
  },
}
