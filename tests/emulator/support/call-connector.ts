import { allowInsecureRequests, ClientSecretPost, clientCredentialsGrant, discovery } from 'openid-client'
import type { Emulator } from '../../../emulator/start-emulator.ts'

/** An access token by the grant that the bot uses, with a library that knows the standard. */
export async function accessToken({ identity }: Emulator, scope = 'https://api.botframework.com/.default') {
  const { appId, appPassword } = identity.registration
  const server = await discovery(
    new URL(`${identity.loginUrl}/v2.0`),
    appId,
    undefined,
    ClientSecretPost(appPassword),
    {
      execute: [allowInsecureRequests],
    },
  )
  return await clientCredentialsGrant(server, { scope })
}

export interface Answer {
  readonly status: number
  readonly json: unknown
  readonly retryAfter: string | null
}

/** Calls of the bot, below `/v3/conversations`. */
export function connectorCaller(emulator: Emulator, token: string) {
  return async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${emulator.connector.serviceUrl}v3/conversations${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      json: text === '' ? undefined : JSON.parse(text),
      retryAfter: response.headers.get('retry-after'),
    }
  }
}

export const codeOf = ({ json }: Answer): unknown => (json as { error?: { code?: string } }).error?.code
