import assert from 'node:assert/strict'
import { newClientId, openMember } from '../../support/direct-line-member.ts'
import type { DirectLineMember, MemberOptions } from '../../support/direct-line-member.ts'
import type { Invocation, MemberHistory, Received, Submitted } from './history.ts'
import { isApology } from './apology.ts'
import type { Random } from './random.ts'
import { answerTo, planRequest, type Plan } from './requests.ts'

/** A member who makes one request after the other, and everything that they did and were told. */
export interface Applicant {
  readonly ppr: string
  readonly member: DirectLineMember
  readonly invocations: readonly Invocation[]
  readonly submitted: readonly Submitted[]
  /** How often they were told that the service cannot answer now, which is what they then do again. */
  apologies(): number
  /** The step that stands. */
  step(): string
  /** Sends the next answer once, whatever becomes of it. */
  begin(): Promise<Invocation>
  /** Sends it once more, and again until that is acknowledged, and waits for the assistant's answer. */
  finish(invocation: Invocation): Promise<void>
  /** The next answer, sent again only when it was not acknowledged. */
  goOn(): Promise<void>
  /** Goes on until this step stands. */
  reach(step: string): Promise<void>
  /** Goes on until the request is submitted. */
  finishRequest(): Promise<void>
  /** Says something in words, and waits for the assistant's answer. */
  say(text: string): Promise<void>
  history(): MemberHistory
}

export interface ApplicantOptions extends MemberOptions {
  readonly random: Random
  readonly relatives: readonly Plan['beneficiary'][]
  /** Bytes of the largest file. */
  readonly largest?: number
  /** Whether the assistant may say that it cannot answer now, as while the database is away. Default: it may not. */
  readonly mayApologise?: boolean
}

/** Answers to get to a step, apologies and all: who needs more goes in circles. */
const MOST_ANSWERS = 300

const numberIn = (text = '') => text.match(/AES-\d{4}-\d{6}/)?.[0]

export async function openApplicant({ random, relatives, largest, ...options }: ApplicantOptions): Promise<Applicant> {
  const member = await openMember(options)
  const invocations: Invocation[] = []
  const submitted: Submitted[] = []
  let apologies = 0
  let plan = planRequest(random, relatives, largest)
  const step = () => member.standing().step ?? 'menu'

  async function send(activity: object): Promise<Invocation> {
    const clientId = newClientId()
    const invocation: Invocation = { clientId, step: step(), activity, outcomes: [] }
    invocations.push(invocation)
    invocation.outcomes.push(await member.send(clientId, activity))
    return invocation
  }

  const begin = () => send(answerTo(member.standing(), plan))

  async function finish(invocation: Invocation): Promise<void> {
    const { clientId, activity, outcomes } = invocation
    outcomes.push(...(await member.sendSurely(clientId, activity)))
    await settle(invocation)
  }

  async function settle(invocation: Invocation): Promise<void> {
    await member.answered(invocation.clientId)
    const last = member.shown().findLast(({ role }) => role === 'bot')
    if (options.mayApologise && isApology(last?.text)) apologies += 1
    else take(invocation.step, JSON.stringify(last?.all))
  }

  function take(answered: string, said: string): void {
    assert.notEqual(step(), answered, `${options.ppr}: ${answered} was answered, and is asked again: ${said}`)
    if (answered !== 'review') return
    const number = numberIn(said)
    assert.ok(number, 'the reply to a submit names the number')
    submitted.push({ plan, number })
    plan = planRequest(random, relatives, largest)
  }

  async function goOn(): Promise<void> {
    const invocation = await begin()
    await (invocation.outcomes.some(({ kind }) => kind === 'ok') ? settle(invocation) : finish(invocation))
  }

  async function goOnUntil(isThere: () => boolean, where: string): Promise<void> {
    for (let answers = 0; !isThere(); answers++) {
      if (answers === MOST_ANSWERS) throw new Error(`${options.ppr}: ${where} never comes; ${step()} stands`)
      await goOn()
    }
  }

  return {
    ppr: options.ppr,
    member,
    invocations,
    submitted,
    apologies: () => apologies,
    step,
    begin,
    finish,
    goOn,
    reach: wanted => goOnUntil(() => step() === wanted, wanted),
    async finishRequest() {
      const before = submitted.length
      await goOnUntil(() => submitted.length > before, 'the number')
    },
    async say(text) {
      const { clientId, activity, outcomes } = await send({ type: 'message', text })
      if (outcomes[0]?.kind !== 'ok') outcomes.push(...(await member.sendSurely(clientId, activity)))
      await member.answered(clientId)
    },
    history: () => ({ ppr: options.ppr, invocations, submitted, ...pageOf(member) }),
  }
}

const positionOf = (id: string) => Number(id.split('|')[1])

function pageOf(member: DirectLineMember): Pick<MemberHistory, 'shown' | 'received'> {
  return {
    shown: member.shown().map(({ id }) => positionOf(id)),
    received: member.received().map(({ id, all }): Received => {
      const told = [id, all.text, all.attachments, all.suggestedActions]
      // Links to files are signed anew at every delivery.
      const content = JSON.stringify(told, (key, value: unknown) => (key === 'contentUrl' ? undefined : value))
      return { position: positionOf(id), content }
    }),
  }
}
