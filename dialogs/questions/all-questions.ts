import type { Question } from '../question.ts'
import type { QuestionName } from '../token.ts'
import { beneficiaryQuestion } from './beneficiary.ts'
import { cancelQuestion, restartQuestion, resumeQuestion } from './confirmation.ts'
import { consentQuestion } from './consent.ts'
import { documentQuestion } from './document.ts'
import { motifQuestion } from './motif.ts'
import { personQuestion } from './person.ts'
import { reviewQuestion } from './review.ts'
import { ribQuestion } from './rib.ts'

export const questions: Readonly<Record<QuestionName, Question>> = {
  consent: consentQuestion,
  rib: ribQuestion,
  beneficiary: beneficiaryQuestion,
  person: personQuestion,
  motif: motifQuestion,
  document: documentQuestion,
  review: reviewQuestion,
  resume: resumeQuestion,
  cancel: cancelQuestion,
  restart: restartQuestion,
}
