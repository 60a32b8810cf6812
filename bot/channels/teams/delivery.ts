import type { Activity } from 'botframework-schema'
import { teamsMessage } from '../../../dialogs/cards/teams-message.ts'
import type { Translators } from '../../../locales/translator.ts'
import type { StoredActivity } from '../../../services/conversations/activity.ts'
import type { TeamsConversations, TeamsReference } from '../../../services/conversations/teams-conversations.ts'
import type { TeamsDeliveries } from '../../../services/conversations/teams-deliveries.ts'
import type { Delivery, Unsent } from '../../../services/conversations/unsent.ts'
import type { Log } from '../../../services/log.ts'
import type { Metrics } from '../../../services/metrics/metrics.ts'
import { RIB_PLACEHOLDER } from '../../../services/members/rib.ts'
import type { Connector, Outcome } from './connector.ts'
import { behind, BATCH, firstStep, positionsOf, seqOf, type FirstStep, type Step } from './delivery-step.ts'
import type { Pace } from './pace.ts'
import { MOST_ATTEMPTS, waitBefore } from './retry.ts'

export interface DeliveryDeps {
  readonly references: Pick<TeamsConversations, 'block'>
  readonly deliveries: TeamsDeliveries
  readonly connector: Connector
  readonly pace: Pace
  /** The RIB, grouped, of whoever is asked to confirm it; undefined where Teams shows the mask. */
  readonly revealRib: (conversationId: string) => Promise<string | undefined>
  readonly translators: Translators
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
  return async (id, left) => {
    const unsent = left ?? (await deps.deliveries.unsent(id, BATCH))
    if (!unsent || unsent.progress.isBlocked) return { wait: undefined }
    const step = firstStep(unsent)
    if (!step) return { wait: undefined }
    const early = (unsent.progress.retryAt?.getTime() ?? 0) - deps.now().getTime()
    const wait = early > 0 ? early : await take(deps, step)
    return wait === 0 ? after(unsent, step) : { wait }
  }
}

/** Only whoever reads a full batch does not know all that waits; what is said meanwhile comes with a notice. */
function after(unsent: Unsent, step: Step): Delivered {
  const left = behind(unsent, step)
  if (left.outgoing.length > 0) return { wait: 0, left }
  return { wait: unsent.outgoing.length < BATCH ? undefined : 0 }
}

function take(deps: DeliveryDeps, { known, ...step }: FirstStep): Promise<Wait> {
  if (step.activities[0]?.body.type !== 'message') return settle(deps, step, { result: 'refused', code: NOT_SHOWN })
  return known ? updateKnown(deps, step, known) : sendNew(deps, step)
}

async function sendNew(deps: DeliveryDeps, step: Step): Promise<Wait> {
  const { reference, activities } = step
  const wait = deps.pace.wait(reference.conversationId)
  if (wait > 0) return wait
  const message = await messageOf(deps, reference, activities)
  await deps.deliveries.begin(reference.conversationId, positionsOf(step))
  const begun = deps.now()
  const outcome = await deps.connector.send(reference, message)
  return await conclude(deps, { ...step, begun }, outcome)
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
  const settled = { positions: positionsOf(step), state: states[outcome.result], teamsActivityId, seq: seqOf(step) }
  await deps.deliveries.settle(conversation, settled)
  return 0
}

async function messageOf(
  deps: DeliveryDeps,
  reference: TeamsReference,
  activities: readonly StoredActivity[],
): Promise<Partial<Activity>> {
  const bodies = activities.map(({ body }) => body)
  const language = bodies.at(-1)?.locale?.startsWith('ar') ? 'ar' : 'fr'
  const voice = deps.translators[language]
  const name = voice.t('app.name')
  const isAboutRib = JSON.stringify(bodies).includes(RIB_PLACEHOLDER)
  const rib = isAboutRib ? await deps.revealRib(reference.conversationId) : undefined
  return {
    ...teamsMessage(bodies, { rib, botName: name, choose: voice.t('teams.choose') }),
    channelId: 'msteams',
    serviceUrl: reference.serviceUrl,
    from: { id: reference.botId, name },
    recipient: { id: reference.userId, name: '' },
    conversation: { id: reference.teamsId, conversationType: 'personal', isGroup: false, name: '' },
  }
}
