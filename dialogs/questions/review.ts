import { edit, type AnswerStep, type Draft } from '../../services/drafts/draft.ts'
import { maskRib } from '../../services/members/rib.ts'
import { isComplete } from '../../services/requests/submission.ts'
import { heading, paragraph, row, type CardElement, type Choice } from '../cards/adaptive-card.ts'
import { openDraft, relativesFor } from '../open-draft.ts'
import { refreshDraft } from '../refresh-draft.ts'
import { unclear, type Outcome, type Question } from '../question.ts'
import { nearestTo, proposal } from './proposal.ts'
import { answerOf, type QuestionToken } from '../token.ts'
import { say, voiceOf, type TurnScope } from '../turn-scope.ts'
import { classify } from '../understanding/classify.ts'

const editable: readonly AnswerStep[] = ['rib', 'beneficiary', 'person', 'motif', 'document']

function meaning({ message }: TurnScope): string {
  if (message.kind === 'answer') return message.value.choice
  return message.kind === 'text' ? classify(message.text, 'review') : 'none'
}

function personName({ member }: TurnScope, draft: Draft): string {
  if (draft.beneficiary === 'member') return member.name
  return member.relatives.find(({ id }) => id === draft.relativeId)?.name ?? ''
}

/** What is about health stays on the page where it was given. */
const orGivenElsewhere = (scope: TurnScope, value: string): string =>
  scope.policy.takesHealthData ? value : say(scope, 'securePage.given')

/** The value of each line, in the guide's order. */
function given(scope: TurnScope, draft: Draft): [AnswerStep, string][] {
  const { rib } = scope.member
  return [
    ['rib', rib ? `\u2066${maskRib(rib)}\u2069` : ''],
    ['beneficiary', draft.beneficiary ? say(scope, `beneficiary.${draft.beneficiary}`) : ''],
    ['person', `\u2068${personName(scope, draft)}\u2069`],
    ['motif', draft.motif ? orGivenElsewhere(scope, say(scope, `motif.${draft.motif}.title`)) : ''],
    ['document', orGivenElsewhere(scope, `\u2066${draft.document?.name ?? ''}\u2069`)],
  ]
}

function editButton(scope: TurnScope, step: AnswerStep, token: QuestionToken): Choice {
  const label = say(scope, `review.fields.${step}`)
  return {
    title: say(scope, 'button.edit'),
    tooltip: say(scope, 'review.editTooltip', { field: label }),
    value: answerOf(token, `edit:${step}`),
  }
}

function lines(scope: TurnScope, token: QuestionToken | undefined): CardElement[] {
  const draft = openDraft(scope)
  const others = relativesFor(scope, draft.beneficiary).length > 1
  return given(scope, draft).map(([step, value]) => {
    const canEdit = token && (step !== 'person' || others)
    return row(say(scope, `review.fields.${step}`), value, canEdit ? editButton(scope, step, token) : undefined)
  })
}

async function submit(scope: TurnScope): Promise<Outcome> {
  const changed = refreshDraft(scope)
  if (changed) return { result: 'answered', closed: '', told: say(scope, changed) }
  const draft = openDraft(scope)
  // Only the register can take an answer away here: the relative is gone from it.
  if (!isComplete(draft)) return { result: 'answered', closed: '', told: say(scope, 'beneficiary.changed') }
  const { member, language, quota } = scope
  if (!(await quota.hasDossierLeft(member.id)))
    return {
      result: 'stays',
      told: voiceOf(scope).t('submit.tooManyToday', { count: quota.limits.dossiersADay }),
      again: true,
    }
  scope.submission = { draft, read: draft.version, member, language, at: scope.now() }
  return { result: 'answered', closed: '' }
}

function startEdit(scope: TurnScope, said: string): Outcome {
  const step = editable.find(name => said === `edit:${name}` || said === `edit_${name}`)
  if (!step) return unclear
  scope.draft.change(edit(openDraft(scope), step))
  const field = say(scope, `review.fields.${step}`)
  return { result: 'answered', closed: say(scope, 'answered.edit', { field }) }
}

/** Words that do not bind. */
function near(scope: TurnScope): Outcome {
  const nearest = nearestTo(scope, 'review')
  if (!nearest) return unclear
  const button = say(scope, 'button.submit')
  return nearest === 'submit'
    ? proposal(scope, { title: button, choice: 'submit' })
    : { result: 'stays', told: say(scope, 'review.stillOpen', { button }), again: true }
}

/** Everything at a glance, each line with its own *Modifier*; nothing is sent before *Terminer*. */
export const reviewQuestion: Question = {
  name: 'review',
  title: 'step.review',
  lasts: true,
  view(scope, token) {
    return {
      body: [heading(say(scope, 'review.title')), paragraph(say(scope, 'review.intro')), ...lines(scope, token)],
      choices: token ? [{ title: say(scope, 'button.submit'), value: answerOf(token, 'submit'), primary: true }] : [],
    }
  },
  answer(scope) {
    const said = meaning(scope)
    if (said === 'submit') return submit(scope)
    return said === 'none' ? near(scope) : startEdit(scope, said)
  },
}
