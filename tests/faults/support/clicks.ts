import assert from 'node:assert/strict'
import { z } from 'zod'
import type { Outcome } from '../../support/direct-line-member.ts'
import type { Cluster } from './cluster.ts'
import { forgetLimits } from './wipe-redis.ts'

const tokenSchema = z.object({ token: z.string(), conversationId: z.string() })
const takenSchema = z.object({ id: z.string() })

export interface Clicks {
  readonly conversationId: string
  /** Posts an activity once, on a connection of its own, as soon as the limit to a member's messages lets it. */
  post(clientId: string, activity: object): Promise<Outcome>
}

/** What a member's browser, or what stands between it and us, may send more often than the member meant to. */
export async function openClicks({ url, enter, redis }: Cluster, ppr: string): Promise<Clicks> {
  const { token, conversationId } = tokenSchema.parse(await enter(ppr))
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    origin: url,
    connection: 'close',
  }
  const address = `${url}/v3/directline/conversations/${conversationId}/activities`
  const send = (body: string) => fetch(address, { method: 'POST', headers, body, signal: AbortSignal.timeout(60_000) })

  return {
    conversationId,
    async post(clientId, activity) {
      const body = JSON.stringify({ ...activity, channelData: { clientActivityID: clientId } })
      for (let tries = 0; tries < 100; tries++) {
        const response = await send(body)
        if (response.status === 200) return { kind: 'ok', id: takenSchema.parse(await response.json()).id }
        // Too many for one member in a minute: that is not what is tried here.
        assert.equal(response.status, 422)
        await forgetLimits(redis.url)
      }
      throw new Error('the limit never let it pass')
    },
  }
}
