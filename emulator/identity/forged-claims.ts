import { randomUUID } from 'node:crypto'
import { without, type Kinds, type Workshop } from './forgery-workshop.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { byRsa, rawToken } from './raw-token.ts'

/** Signed by the key that counts, over claims that do not. */
export function wrongClaims({ identity, header, claims, at }: Workshop): Kinds {
  const sign = byRsa(identity.keys.current().privateKey)
  const signed = (changes: Readonly<Record<string, unknown>>): string =>
    rawToken(header, { ...claims, ...changes }, sign)
  const other = '99999999-9999-4999-8999-999999999999'
  return {
    'expired six minutes ago': signed({ nbf: at - 4000, exp: at - 360 }),
    'valid in an hour': signed({ nbf: at + 3600, exp: at + 7200 }),
    'without an end': rawToken(header, without(claims, 'exp'), sign),
    'with an end that is no number': signed({ exp: 'tomorrow' }),
    'of another issuer': signed({ iss: 'https://login.example' }),
    'of an issuer with one character more': signed({ iss: `${identity.issuer}/` }),
    'of several issuers': signed({ iss: [identity.issuer, 'https://login.example'] }),
    'without an issuer': rawToken(header, without(claims, 'iss'), sign),
    'for another app': signed({ aud: other }),
    'for a list of other apps': signed({ aud: [other, `${identity.registration.appId}0`] }),
    'for no app': rawToken(header, without(claims, 'aud'), sign),
    'for the connector instead of the app': signed({ aud: 'https://api.botframework.com' }),
    'bound to another serviceUrl': signed({ serviceurl: 'https://smba.attacker.example/emea/' }),
    'bound to a serviceUrl with a suffix': signed({ serviceurl: `${String(claims['serviceurl'])}.attacker.example/` }),
    'bound to no serviceUrl': rawToken(header, without(claims, 'serviceurl'), sign),
  }
}

/** Signed by keys of the published set that do not stand for Teams, or for another purpose. */
export async function otherRoles({ identity, header, claims, at }: Workshop): Promise<Kinds> {
  const { keys, registration } = identity
  const emulatorIssuer = 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/'
  const emulatorClaims = {
    ...without(claims, 'serviceurl'),
    iss: emulatorIssuer,
    appid: registration.appId,
    ver: '1.0',
  }
  return {
    'by a key without endorsements': rawToken(
      { ...header, kid: keys.unendorsed.kid },
      claims,
      byRsa(keys.unendorsed.privateKey),
    ),
    'by a key of another channel': rawToken(
      { ...header, kid: keys.otherChannel.kid },
      claims,
      byRsa(keys.otherChannel.privateKey),
    ),
    'of the Bot Framework Emulator': rawToken(header, emulatorClaims, byRsa(identity.keys.current().privateKey)),
    'of another bot, as a skill': rawToken(
      header,
      { ...emulatorClaims, appid: randomUUID(), ver: '2.0', azp: randomUUID(), exp: at + 3600 },
      byRsa(identity.keys.current().privateKey),
    ),
    "the bot's own access token": await ownAccessToken(identity),
  }
}

async function ownAccessToken({ loginUrl, registration }: IdentityProvider): Promise<string> {
  const answer = await fetch(`${loginUrl}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: registration.appId,
      client_secret: registration.appPassword,
      scope: 'https://api.botframework.com/.default',
    }),
  })
  const body: unknown = await answer.json()
  return typeof body === 'object' && body && 'access_token' in body ? String(body.access_token) : ''
}
