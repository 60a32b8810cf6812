import assert from 'node:assert/strict'
import { newClientId, openMember } from '../../support/direct-line-member.ts'
import type { DirectLineMember, MemberOptions, Outcome } from '../../support/direct-line-member.ts'
import type { Random } from './random.ts'
import { answerTo, planRequest, type Plan } from './requests.ts'

/** One thing that a member did, with what became of each try to send it. */
export interface Invocation {
  readonly clientId: string
  readonly step: string
  readonly activity: object
  readonly outcomes: Outcome[]
}

/** A request that was told to be stored. */
export interface Submitted {
  readonly plan: Plan
  readonly number: string
}

/** A member who makes one request after the other, and everything that they did and were told. */
export interface Applicant {
  readonly ppr: string
  readonly member: DirectLineMember
  readonly invocations: readonly Invocation[]
  readonly submitted: readonly Submitted[]
  /** The step that stands. */
  step(): string
  /** Sends the next answer once, whatever becomes of it. */
  begin(): Promise<Invocation>
  /** Sends it again until it is stored, and waits for the assistant's answer. */
  finish(invocation: Invocation): Promise<void>
  /** The next answer without a fault. */
  goOn(): Promise<void>
}

interface ApplicantOptions extends MemberOptions {
  readonly random: Random
  readonly relatives: readonly Plan['beneficiary'][]
}

const numberIn = (text = '') => text.match(/AES-\d{4}-\d{6}/)?.[0]

export async function openApplicant({ random, relatives, ...options }: ApplicantOptions): Promise<Applicant> {
  const member = await openMember(options)
  const invocations: Invocation[] = []
  const submitted: Submitted[] = []
  let plan = planRequest(random, relatives)

  async function begin(): Promise<Invocation> {
    const standing = member.standing()
    const clientId = newClientId()
    const activity = answerTo(standing, plan)
    const invocation: Invocation = { clientId, step: standing.step ?? 'menu', activity, outcomes: [] }
    invocations.push(invocation)
    invocation.outcomes.push(await member.send(clientId, activity))
    return invocation
  }

  async function finish({ clientId, step, activity, outcomes }: Invocation): Promise<void> {
    outcomes.push(...(await member.sendSurely(clientId, activity)))
    await member.answered(clientId)
    const said = JSON.stringify(member.shown().findLast(({ role }) => role === 'bot')?.all)
    assert.notEqual(member.standing().step ?? 'menu', step, `${step} was answered, and is asked again: ${said}`)
    if (step !== 'review') return
    const number = numberIn(said)
    assert.ok(number, 'the reply to a submit names the number')
    submitted.push({ plan, number })
    plan = planRequest(random, relatives)
  }

  return {
    ppr: options.ppr,
    member,
    invocations,
    submitted,
    step: () => member.standing().step ?? 'menu',
    begin,
    finish,
    goOn: async () => finish(await begin()),
  }
}
