import { graphAudience, startIdentityProvider } from '../../emulator/identity/identity-provider.ts'
import { startGraph, type GraphOptions } from '../../emulator/graph/graph.ts'
import { createAppTokens } from '../../services/directory/app-token.ts'
import type { Circuit } from '../../services/directory/circuit.ts'
import type { Log } from '../../services/log.ts'
import { createGraph } from '../../services/directory/graph-client.ts'

const registration = {
  appId: 'aaaaaaaa-0000-4000-8000-000000000001',
  appPassword: 'secret of the tests',
  tenantId: 'bbbbbbbb-0000-4000-8000-000000000001',
}

/** An identity provider and a Graph on the loopback, and our own client of both with its real tokens. */
export async function openGraph(
  options: Omit<GraphOptions, 'verifyToken'> & { readonly limitMs?: number; readonly log?: Log } = {},
) {
  const { limitMs = 5000, now = () => new Date(), log } = options
  const logging = log ? { log } : {}
  const identity = await startIdentityProvider({ ...registration })
  const verifyToken = async (token: string) => (await identity.readAccessToken(token, graphAudience)) !== undefined
  const emulated = await startGraph({ ...options, verifyToken })
  const tokens = createAppTokens({ ...registration, loginUrl: identity.loginUrl, now })
  const scope = `${graphAudience}/.default`
  const baseUrl = `${emulated.url}/v1.0`
  return {
    emulated,
    identity,
    tokens,
    graph: createGraph({ baseUrl, scope, tokens, now, limitMs, ...logging }),
    /** Another client of the same Graph, with a circuit of its own. */
    newGraph: (limit = limitMs, circuit?: Circuit) =>
      createGraph({ baseUrl, scope, tokens, now, limitMs: limit, ...(circuit && { circuit }) }),
    async close() {
      await Promise.all([emulated.close(), identity.close()])
    },
  }
}

export type OpenGraph = Awaited<ReturnType<typeof openGraph>>
