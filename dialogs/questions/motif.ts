import { chooseMotif, motifs, type Motif } from '../../services/drafts/draft.ts'
import { heading, option } from '../cards/adaptive-card.ts'
import { openDraft } from '../open-draft.ts'
import { unclear, type Question } from '../question.ts'
import { answerOf } from '../token.ts'
import { say, type TurnScope } from '../turn-scope.ts'
import { classify } from '../understanding/classify.ts'

const spoken: Readonly<Record<string, Motif>> = {
  oncology: 'oncology',
  extra_costs: 'extraCosts',
  unreimbursed: 'unreimbursed',
}

function meaning({ message }: TurnScope): Motif | undefined {
  if (message.kind === 'answer') return motifs.find(motif => motif === message.value.choice)
  return message.kind === 'text' ? spoken[classify(message.text, 'motif')] : undefined
}

/** The guide's three cases with its own descriptions: they say what is covered and what is not. */
export const motifQuestion: Question = {
  name: 'motif',
  title: 'step.motif',
  view(scope, token) {
    const cases = motifs.map(motif => {
      const title = say(scope, `motif.${motif}.title`)
      const choice = token && { title, value: answerOf(token, motif) }
      return option(title, say(scope, `motif.${motif}.description`), choice)
    })
    return { body: [heading(say(scope, 'motif.ask')), ...cases], choices: [] }
  },
  answer(scope) {
    const motif = meaning(scope)
    if (!motif) return unclear
    scope.draft.change(chooseMotif(openDraft(scope), motif))
    return { result: 'answered', closed: say(scope, 'answered.choice', { answer: say(scope, `motif.${motif}.title`) }) }
  },
}
