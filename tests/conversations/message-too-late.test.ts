import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createTurnsAtOnce } from '../../bot/turns-at-once.ts'
import { taken } from '../../bot/channels/directline/activity-routes.ts'
import type { DueTurn } from '../../services/conversations/due-turn.ts'
import { createInProcessLease } from '../../services/storage/embedded/lease.ts'
import { createTracing } from '../../services/tracing/tracing.ts'
import { silentLog } from '../support/silent-log.ts'

const conversation = { id: 'a', memberId: 'm' }
const incoming = { clientId: '1', body: { type: 'message', text: 'a' } } as const

describe('a member whose message has waited for the database for five seconds', () => {
  it('is told at once to send it again, and no turn is begun that might be told too late', async () => {
    let turns = 0
    const atOnce = createTurnsAtOnce({
      take: async () => void turns++,
      dueTurns: {
        next: async () => undefined,
        // Nothing of it is looked at: what is tested comes before.
        arriving: async () => (await delay(5_100), { taken: 'now', turn: {} as DueTurn }),
      },
      lease: createInProcessLease(),
      notices: { now: () => undefined, soon: () => undefined },
      log: silentLog,
      tracing: createTracing({ newId: randomUUID, now: () => performance.now() }),
    })
    const outcome = await atOnce(conversation, incoming)
    assert.deepEqual(outcome, { taken: 'late' })
    assert.equal(taken(conversation.id, outcome).status, 503)
    assert.equal(turns, 0)
  })
})
