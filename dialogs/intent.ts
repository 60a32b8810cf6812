import { ribBlock } from './blocked-rib.ts'
import type { QuestionName } from './token.ts'
import type { TurnScope } from './turn-scope.ts'
import { isConfirmation } from './questions/confirmation.ts'
import { deniesLoss } from './understanding/nearest-answer.ts'
import { classify, type Context, type Label } from './understanding/classify.ts'
import { depositTopics, readDeposit, type DepositTopic } from './understanding/read-deposit.ts'

/** What holds at every step, whatever is being asked. */
export type Intent =
  | { readonly to: 'request' | 'continue' | 'help' | 'agent' | 'back' | 'cancel' | 'restart' | 'history' }
  | { readonly to: 'language'; readonly language: 'fr' | 'ar' }
  | { readonly to: 'faq'; readonly about: 'documents' | 'amount' | 'delay' | 'petscan' | 'eligibility' }
  | { readonly to: 'greeting' | 'thanks' }
  /** Not to cancel, not to start again. */
  | { readonly to: 'keep' }
  | { readonly to: 'deposit'; readonly about: DepositTopic }

const words: Partial<Record<Label, Intent>> = {
  start_request: { to: 'request' },
  help: { to: 'help' },
  agent: { to: 'agent' },
  back: { to: 'back' },
  cancel: { to: 'cancel' },
  restart: { to: 'restart' },
  history: { to: 'history' },
  switch_fr: { to: 'language', language: 'fr' },
  switch_ar: { to: 'language', language: 'ar' },
  faq_documents: { to: 'faq', about: 'documents' },
  faq_amount: { to: 'faq', about: 'amount' },
  faq_delay: { to: 'faq', about: 'delay' },
  faq_petscan: { to: 'faq', about: 'petscan' },
  faq_eligibility: { to: 'faq', about: 'eligibility' },
  greeting: { to: 'greeting' },
  thanks: { to: 'thanks' },
}

const contexts: Partial<Record<QuestionName, Context>> = {
  consent: 'consent',
  rib: 'rib',
  beneficiary: 'beneficiary',
  motif: 'motif',
  document: 'document',
  review: 'review',
}

function toLanguage(choice: string | undefined): Intent | undefined {
  return choice === 'fr' || choice === 'ar' ? { to: 'language', language: choice } : undefined
}

const toDeposit = (choice: string | undefined): Intent | undefined => {
  const about = depositTopics.find(topic => topic === choice)
  return about && { to: 'deposit', about }
}

/** Where the foundation is and when it is open may be asked anywhere; the rest only where something is deposited. */
function depositIntent(scope: TurnScope, text: string, label: Label | 'none'): Intent | undefined {
  const about = readDeposit(text)
  if (!about) return undefined
  if (ribBlock(scope)) return isOrder(label) ? undefined : { to: 'deposit', about }
  const isBare = (about === 'hours' || about === 'address') && text.trim().split(/\s+/).length <= 2
  return isBare && label === 'none' ? { to: 'deposit', about } : undefined
}

/** Said to do something else than wait. */
const isOrder = (label: Label | 'none') =>
  ['agent', 'cancel', 'restart', 'history', 'back', 'switch_fr', 'switch_ar'].includes(label)

/** The global meaning of a message, tried before it is taken as an answer. */
export function intentOf(scope: TurnScope): Intent | undefined {
  const { message, memory, draft } = scope
  if (message.kind === 'command') {
    const { command, choice } = message.value
    if (command === 'language') return toLanguage(choice)
    if (command === 'deposit') return toDeposit(choice)
    return { to: command === 'request' && choice === 'continue' ? 'continue' : command }
  }
  if (message.kind !== 'text') return undefined
  const context = (memory.asked && contexts[memory.asked.step]) ?? 'any'
  const label = classify(message.text, context)
  const deposit = depositIntent(scope, message.text, label)
  if (deposit) return deposit
  if (label !== 'none') return words[label]
  return draft.current && !isConfirmation(memory.asked?.step) && deniesLoss(message.text) ? { to: 'keep' } : undefined
}
