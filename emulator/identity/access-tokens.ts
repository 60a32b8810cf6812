import { randomUUID } from 'node:crypto'
import { SignJWT, jwtVerify } from 'jose'
import type { Registration } from './registration.ts'
import { createSigningKey, publishedKey } from './signing-keys.ts'

export interface AccessToken {
  readonly audience: string
  /** Who holds it. */
  readonly appId: string
  readonly tenantId: string
  /** Application permissions. */
  readonly roles: readonly string[]
}

export interface AccessTokens {
  issue(audience: string, claims: Readonly<Record<string, unknown>>): Promise<string>
  /** @returns undefined for what was not issued here for `audience`, or has expired */
  read(token: string, audience: string): Promise<AccessToken | undefined>
  publishedKeys(): Record<string, unknown>[]
}

export interface AccessTokensDeps {
  readonly registration: Registration
  readonly now: () => Date
  readonly expiresInSeconds: number
}

/** What the bot holds to be let in by the connector and by Graph. */
export async function createAccessTokens(deps: AccessTokensDeps): Promise<AccessTokens> {
  const { registration, now, expiresInSeconds } = deps
  const { appId, tenantId } = registration
  const issuer = `https://sts.windows.net/${tenantId}/`
  const key = await createSigningKey()
  return {
    async issue(audience, claims) {
      const at = Math.floor(now().getTime() / 1000)
      return await new SignJWT({ appid: appId, tid: tenantId, ver: '1.0', uti: randomUUID(), ...claims })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(at)
        .setNotBefore(at)
        .setExpirationTime(at + expiresInSeconds)
        .sign(key.privateKey)
    },
    async read(token, audience) {
      const checks = { audience, issuer, algorithms: ['RS256'], currentDate: now() }
      const verified = await jwtVerify(token, key.publicKey, checks).catch(() => undefined)
      const { appid, tid, roles } = verified?.payload ?? {}
      if (typeof appid !== 'string' || typeof tid !== 'string') return undefined
      return { audience, appId: appid, tenantId: tid, roles: Array.isArray(roles) ? roles.map(String) : [] }
    },
    publishedKeys: () => [publishedKey(key)],
  }
}
