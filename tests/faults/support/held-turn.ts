import assert from 'node:assert/strict'
import type { StoredActivity } from '../../../services/conversations/activity.ts'
import { until } from '../../channels/support/direct-line-client.ts'
import type { Applicant } from './applicant.ts'
import type { Cluster } from './cluster.ts'
import type { Invocation } from './history.ts'
import type { Instance } from './instance.ts'
import { untilStored } from './until-stored.ts'

/** All that a turn may change of one member. */
export interface Kept {
  readonly transcript: readonly StoredActivity[]
  readonly draft: unknown
  readonly documents: readonly unknown[]
}

/** The turn of a member's file, in the hands of an instance whose antivirus does not answer yet. */
export interface HeldTurn {
  readonly invocation: Invocation
  readonly holder: Instance
  /** Instances that have come to the end of this turn, whether or not they could commit it. */
  ranBy(): readonly Instance[]
  /** Waits until nothing of the member is due. */
  ended(): Promise<void>
  kept(): Promise<Kept>
}

/** A lease lapses after 12 s, and what is due is looked for every 5 s. */
const TAKEN_OVER_MS = 60_000

/** Has an applicant who is asked for their file send it. Files that come later are answered as `behaviour` says. */
export async function holdTurn(
  { base, clamd, instances }: Cluster,
  applicant: Applicant,
  behaviour: 'scans' | 'finds',
): Promise<HeldTurn> {
  const checked = instances.map(instance => linesOf(instance, 'document.checked').length)
  clamd.behaviour = 'waits'
  const invocation = await applicant.begin()
  assert.equal(invocation.outcomes[0]?.kind, 'ok', 'the file is taken in')
  await until(() => clamd.waiting() === 1, 'the file at the antivirus')
  clamd.behaviour = behaviour
  const holder = instances.find((one, index) => linesOf(one, 'document.checked').length > (checked[index] ?? 0))
  assert.ok(holder, 'an instance holds the turn')
  const memberId = (await base.members.findByPpr(applicant.ppr))?.id ?? ''
  const conversationId = (await base.conversations.openOf(memberId, 'webchat'))?.id ?? ''
  const [due] = await base.conversations.due(conversationId)
  assert.ok(due, 'the turn is not over')
  const isOfTurn = (line: string) =>
    line.includes(conversationId) && new RegExp(`"position":${due.position}\\b`).test(line)
  return {
    invocation,
    holder,
    ranBy: () => instances.filter(instance => linesOf(instance, 'turn.done').some(isOfTurn)),
    ended: () =>
      untilStored(
        async () => (await base.conversations.due(conversationId)).length === 0,
        'another instance to take the turn over',
        TAKEN_OVER_MS,
      ),
    kept: async () => ({
      transcript: await base.conversations.latest(conversationId, 10_000),
      draft: await base.drafts.openOf(memberId),
      documents: (await base.database.query('select * from document where member_id = $1', [memberId])).rows,
    }),
  }
}

/** What an instance has logged under this name. */
export const linesOf = ({ output }: Instance, event: string): string[] =>
  output()
    .split('\n')
    .filter(line => line.includes(`"event":"${event}"`))
