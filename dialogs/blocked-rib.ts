import type { MessageKey } from '../locales/translator.ts'
import { nextStep } from '../services/drafts/draft.ts'
import { hasValidKey } from '../services/members/rib.ts'
import { isAsked } from './standing.ts'
import { say, type TurnScope } from './turn-scope.ts'
import type { DepositTopic } from './understanding/read-deposit.ts'

/** Why the RIB on file cannot be confirmed, if it cannot. */
export function ribProblem({ member }: TurnScope): 'missing' | 'invalid' | undefined {
  if (!member.rib) return 'missing'
  return hasValidKey(member.rib) ? undefined : 'invalid'
}

/** Why the request waits for another RIB: *reject* and *change* are what its member said of the one on file. */
export type RibBlock = 'missing' | 'invalid' | 'reject' | 'change'

/** @returns undefined when nothing is deposited for this request */
export function ribBlock(scope: TurnScope): RibBlock | undefined {
  const { draft, memory } = scope
  if (!draft.current || nextStep(draft.current) !== 'rib') return undefined
  const problem = ribProblem(scope)
  if (problem) return problem
  return isAsked(scope) && memory.asked?.step === 'rib' ? memory.asked.refused : undefined
}

const blocked = {
  missing: 'rib.missing',
  invalid: 'rib.invalid',
  reject: 'rib.notMine',
  change: 'rib.hasChanged',
} as const satisfies Record<RibBlock, MessageKey>

/** What is missing, and what to do about it. */
export function tellBlock(scope: TurnScope, block: RibBlock): string {
  return say(scope, blocked[block], { bring: scope.wording.bring[scope.language] })
}

/** The true answer to a question about the deposit. */
export function tellOfDeposit(scope: TurnScope, topic: Exclude<DepositTopic, 'continue'>, block?: RibBlock): string {
  const { language, wording } = scope
  const { address, telephone, hours, bring, contact } = wording
  const facts = {
    address: address[language],
    telephone: telephone[language],
    hours: hours[language],
    bring: bring[language],
    contact: contact[language],
  }
  if (topic === 'why') return block ? say(scope, `deposit.why.${block}`) : say(scope, 'deposit.noted')
  return say(scope, `deposit.${topic}`, facts)
}
