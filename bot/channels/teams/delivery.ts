import type { Activity } from 'botframework-schema'
import type { TeamsConversations } from '../../../services/conversations/teams-conversations.ts'
import type { TeamsDeliveries } from '../../../services/conversations/teams-deliveries.ts'
import type { Delivery, Unsent } from '../../../services/conversations/unsent.ts'
import type { Log } from '../../../services/log.ts'
import type { Metrics } from '../../../services/metrics/metrics.ts'
import type { Connector, Outcome } from './connector.ts'
import { behind, BATCH, firstStep, positionsOf, seqOf, type Step } from './delivery-step.ts'
import type { Pace } from './pace.ts'
import { MOST_ATTEMPTS, waitBefore } from './retry.ts'
import { messageOf, type StepMessageDeps } from './step-message.ts'

export interface DeliveryDeps extends StepMessageDeps {
  readonly references: Pick<TeamsConversations, 'block'>
  readonly deliveries: TeamsDeliveries
  readonly connector: Connector
  readonly pace: Pace
  readonly metrics: Pick<Metrics, 'teamsDelivered'>
  readonly log: Log
  readonly now: () => Date
  /** From 0 up to, but never, 1. */
  readonly random: () => number
}

/** Milliseconds until there is more to do, 0 for at once; undefined when all is done, or its member must be back first. */
type Wait = number | undefined

export interface Delivered {
  readonly wait: Wait
  /** What was read together with what has just been sent, and comes next. */
  readonly left?: Unsent
}

/** @param left what the step before has left; read anew when there is nothing */
export type DeliverNext = (conversationId: string, left?: Unsent) => Promise<Delivered>

interface Called extends Step {
  readonly begun: Date
}

/** What only a web chat understands is not for Teams. */
const NOT_SHOWN = 'not-shown'

type Settled = Extract<Outcome, { result: 'done' | 'unknown' | 'refused' }>

/**
 * Sends the next message, or the next edit, of a conversation, in order of seq; one deliverer at a time for each.
 * A message is marked before it leaves: whoever finds the mark after a crash cannot know whether it arrived, and a
 * message that may have arrived is never sent again. An edit, which may be repeated, is.
 */
export function createDelivery(deps: DeliveryDeps): DeliverNext {
  return async (id, readBefore) => {
    const unsent = readBefore ?? (await deps.deliveries.unsent(id, BATCH))
    if (!unsent || unsent.progress.isBlocked) return { wait: undefined }
    const step = firstStep(unsent)
    if (!step) return { wait: undefined }
    const early = (unsent.progress.retryAt?.getTime() ?? 0) - deps.now().getTime()
    if (early > 0) return { wait: early }
    const left = behind(unsent, step)
    return step.known && isShown(step) ? updateAndGoOn(deps, { step, known: step.known, left }) : one(deps, step, left)
  }
}

const isShown = ({ activities }: Step): boolean => activities[0]?.body.type === 'message'

async function one(deps: DeliveryDeps, step: Step, left: Unsent): Promise<Delivered> {
  const wait = isShown(step)
    ? await sendNew(deps, step)
    : await settle(deps, step, { result: 'refused', code: NOT_SHOWN })
  return after(wait, left)
}

/** Only whoever reads a full batch does not know all that waits; what is said meanwhile comes with a notice. */
function after(wait: Wait, left: Unsent): Delivered {
  if (wait !== 0) return { wait }
  if (left.outgoing.length > 0) return { wait, left }
  return { wait: left.isFull ? 0 : undefined }
}

async function sendNew(deps: DeliveryDeps, step: Step): Promise<Wait> {
  const wait = deps.pace.wait(step.reference.conversationId)
  if (wait > 0) return wait
  const message = await messageOf(deps, step.reference, step.activities)
  await deps.deliveries.begin(step.reference.conversationId, positionsOf(step))
  return await send(deps, { step, message })
}

interface Prepared {
  readonly step: Step
  readonly message: Partial<Activity>
}

/** What is marked by now. */
async function send(deps: DeliveryDeps, { step, message }: Prepared): Promise<Wait> {
  const begun = deps.now()
  return await conclude(deps, { ...step, begun }, await deps.connector.send(step.reference, message))
}

interface Editing {
  readonly step: Step
  readonly known: Delivery
  readonly left: Unsent
}

/** Mostly a card goes inert and the next question comes: one statement says that the one is done and the other begins. */
async function updateAndGoOn(deps: DeliveryDeps, { step, known, left }: Editing): Promise<Delivered> {
  const next = await prepareNext(deps, left)
  if (!next) return after(await updateKnown(deps, step, known), left)
  const wait = await updateKnown(deps, { ...step, begins: positionsOf(next.step) }, known)
  return wait === 0 ? after(await send(deps, next), behind(left, next.step)) : { wait }
}

/** Undefined when something else than a message comes next, or it may not leave right behind another. */
async function prepareNext(deps: DeliveryDeps, left: Unsent): Promise<Prepared | undefined> {
  const step = firstStep(left)
  if (!step || step.known || !isShown(step) || deps.pace.wait(step.reference.conversationId, 1) > 0) return undefined
  return { step, message: await messageOf(deps, step.reference, step.activities) }
}

async function updateKnown(deps: DeliveryDeps, step: Step, known: Delivery): Promise<Wait> {
  const { reference } = step
  const { conversationId } = reference
  // Left by a process that died while it was on its way.
  if (known.state === 'sending') return await settle(deps, step, { result: 'unknown', code: 'cut-short' })
  const id = known.teamsActivityId
  if (id === undefined) return await settle(deps, step, { result: 'refused', code: 'never-shown' })
  const wait = deps.pace.wait(conversationId)
  if (wait > 0) return wait
  const shown = known.isAlone
    ? step.activities
    : await deps.deliveries.shownBy(conversationId, known.shownIn ?? known.position)
  const message = await messageOf(deps, reference, shown)
  const begun = deps.now()
  const outcome = repeatable(await deps.connector.update(reference, id, message))
  return await conclude(deps, { ...step, begun }, outcome)
}

/** The same edit twice is one edit. A message that is gone cannot be edited, which says nothing of the chat. */
function repeatable(outcome: Outcome): Outcome {
  if (outcome.result === 'unknown') return { ...outcome, result: 'later', afterMs: undefined }
  return outcome.result === 'gone' && outcome.code === '404' ? { ...outcome, result: 'refused' } : outcome
}

async function conclude(deps: DeliveryDeps, step: Called, outcome: Outcome): Promise<Wait> {
  const { conversationId: conversation } = step.reference
  deps.pace.count(conversation)
  if (outcome.result === 'later') return await postpone(deps, step, outcome)
  if (outcome.result !== 'gone') return await settle(deps, step, outcome)
  deps.metrics.teamsDelivered('blocked')
  deps.log.info('teams.blocked', { conversation, code: outcome.code })
  await deps.deliveries.settle(conversation, { positions: positionsOf(step), state: 'refused', seq: seqOf(step) })
  await deps.references.block(conversation, step.begun)
  return undefined
}

async function postpone(
  deps: DeliveryDeps,
  step: Step,
  { code, afterMs }: Extract<Outcome, { result: 'later' }>,
): Promise<Wait> {
  const { conversationId: conversation } = step.reference
  if (step.attempts + 1 >= MOST_ATTEMPTS) return await settle(deps, step, { result: 'refused', code })
  const wait = waitBefore(step.attempts, afterMs, deps.random)
  deps.metrics.teamsDelivered('postponed')
  deps.log.warn('teams.postponed', { conversation, code, attempts: step.attempts + 1, milliseconds: wait })
  const at = new Date(deps.now().getTime() + wait)
  await deps.deliveries.postpone(conversation, { positions: positionsOf(step), at })
  return wait
}

const states = { done: 'sent', unknown: 'uncertain', refused: 'refused' } as const

async function settle(deps: DeliveryDeps, step: Step, outcome: Settled): Promise<Wait> {
  const { conversationId: conversation } = step.reference
  const teamsActivityId = outcome.result === 'done' ? outcome.id : undefined
  if (outcome.result === 'done' || outcome.code !== NOT_SHOWN) deps.metrics.teamsDelivered(states[outcome.result])
  if (outcome.result !== 'done')
    deps.log.warn('teams.not-sent', { conversation, result: outcome.result, code: outcome.code })
  const { begins } = step
  const settled = {
    positions: positionsOf(step),
    state: states[outcome.result],
    teamsActivityId,
    seq: seqOf(step),
    begins,
  }
  await deps.deliveries.settle(conversation, settled)
  return 0
}
