import { heading, paragraph, remark, type CardElement } from '../cards/adaptive-card.ts'
import type { Question } from '../question.ts'
import { say, type TurnScope } from '../turn-scope.ts'

/** A question as this channel asks it: what is about health may have its place on a page of the foundation's own. */
export function asAskedHere({ policy }: Pick<TurnScope, 'policy'>, question: Question): Question {
  const isAboutHealth = question.name === 'motif' || question.name === 'document'
  return isAboutHealth && !policy.takesHealthData ? onPage(question) : question
}

/** Motif and document are asked for by one link; whatever is said or sent in their place is no answer. */
const onPage = ({ name, title }: Question): Question => ({
  name,
  ...(title !== undefined && { title }),
  view(scope, token) {
    const button = say(scope, 'securePage.button')
    const link = token && opening(button, scope.securePage(scope.member.id, scope.language))
    return {
      body: [
        heading(say(scope, 'securePage.title')),
        paragraph(say(scope, 'securePage.how', { button })),
        ...(link ? [link] : []),
        remark(say(scope, 'securePage.then')),
      ],
      choices: [],
    }
  },
  answer(scope) {
    const told = say(scope, scope.message.kind === 'file' ? 'document.reject.elsewhere' : 'securePage.notHere')
    return { result: 'stays', told, again: true }
  },
})

const opening = (title: string, url: string): CardElement => ({
  type: 'ActionSet',
  actions: [{ type: 'Action.OpenUrl', title, url, style: 'positive' }],
})
