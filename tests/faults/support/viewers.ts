import { on } from 'node:events'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { Cluster } from './cluster.ts'

const tokenSchema = z.object({ token: z.string() })
const openedSchema = z.object({ conversationId: z.string(), streamUrl: z.string() })

/** As many as a member may have. */
export const SOCKETS_OF_A_MEMBER = 10

/** Milliseconds, on a machine that opens many at once. */
const GREETING_MS = 120_000

/** Opens a member's conversation, and all the sockets on it that they may have, on the instance at this port. */
export async function openViewers({ url, enter }: Cluster, ppr: string, port: number): Promise<WebSocket[]> {
  const { token } = tokenSchema.parse(await enter(ppr))
  const ask = async (method: string, path: string, body?: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', origin: url }
    const response = await fetch(`${url}/v3/directline/conversations${path}`, {
      method,
      headers: { ...headers, connection: 'close' },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(GREETING_MS),
    })
    return openedSchema.parse(await response.json())
  }
  const { conversationId, streamUrl } = await ask('POST', '', '{"locale":"fr-MA"}')
  return Promise.all(
    Array.from({ length: SOCKETS_OF_A_MEMBER }, async (_, at) => {
      // A ticket opens one stream.
      const stream = new URL(at === 0 ? streamUrl : (await ask('GET', `/${conversationId}`)).streamUrl)
      stream.port = String(port)
      const socket = new WebSocket(stream, { origin: url, perMessageDeflate: false })
      // A sign of life, and the greeting: from then on it is idle.
      const signal = AbortSignal.timeout(GREETING_MS)
      // Both may come in one piece: `on` keeps what `once` would miss between two calls.
      for await (const [data] of on(socket, 'message', { signal })) if (String(data) !== '') break
      return socket
    }),
  )
}
