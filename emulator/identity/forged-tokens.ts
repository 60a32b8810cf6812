import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import type { IdentityProvider } from './identity-provider.ts'
import { byEc, byHmac, byRsa, encoded, rawToken, unsigned } from './raw-token.ts'

/** An `Authorization` header that no bot may accept; undefined: none is sent. */
export interface ForgedToken {
  readonly kind: string
  readonly authorization: string | undefined
}

export interface ForgeryOptions {
  readonly identity: IdentityProvider
  readonly serviceUrl: string
  readonly now?: () => Date
  /** Where the attacker publishes a key set; nobody may ask there. */
  readonly attackerUrl?: string
}

interface Workshop {
  readonly identity: IdentityProvider
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly at: number
  readonly attacker: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }
  readonly attackerUrl: string
}

type Kinds = Readonly<Record<string, string>>

function openWorkshop({ identity, serviceUrl, now = () => new Date(), attackerUrl }: ForgeryOptions): Workshop {
  const at = Math.floor(now().getTime() / 1000)
  return {
    identity,
    at,
    header: { alg: 'RS256', typ: 'JWT', kid: identity.keys.current().kid },
    claims: {
      iss: identity.issuer,
      aud: identity.registration.appId,
      serviceurl: serviceUrl,
      nbf: at - 300,
      exp: at + 3600,
    },
    attacker: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    attackerUrl: attackerUrl ?? 'http://127.0.0.1:9',
  }
}

const without = (claims: Workshop['claims'], name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))

/** Not signed, or by a secret that everybody knows. */
function weakAlgorithms({ identity, header, claims }: Workshop): Kinds {
  const { publicKey } = identity.keys.current()
  const modulus = publicKey.export({ format: 'jwk' }).n ?? ''
  const hmac = { ...header, alg: 'HS256' }
  return {
    'alg none': rawToken({ ...header, alg: 'none' }, claims, unsigned),
    'alg nOnE': rawToken({ ...header, alg: 'nOnE' }, claims, unsigned),
    'alg none with a signature': rawToken(
      { ...header, alg: 'none' },
      claims,
      byRsa(identity.keys.current().privateKey),
    ),
    'no alg': rawToken(without(header, 'alg'), claims, byRsa(identity.keys.current().privateKey)),
    'RS256 without a signature': rawToken(header, claims, unsigned),
    'HS256 by the public key': rawToken(hmac, claims, byHmac(publicKey.export({ type: 'spki', format: 'pem' }))),
    'HS256 by the public key in PKCS#1': rawToken(
      hmac,
      claims,
      byHmac(publicKey.export({ type: 'pkcs1', format: 'pem' })),
    ),
    'HS256 by the modulus': rawToken(hmac, claims, byHmac(Buffer.from(modulus, 'base64url'))),
    'HS256 by an empty secret': rawToken(hmac, claims, byHmac('')),
    'HS256 with a kid that is a path': rawToken({ ...hmac, kid: '../../../../dev/null' }, claims, byHmac('')),
    'HS256 by the app password': rawToken(hmac, claims, byHmac(identity.registration.appPassword)),
  }
}

/** Signed well, by somebody else. */
function foreignKeys({ header, claims, attacker, attackerUrl }: Workshop): Kinds {
  const sign = byRsa(attacker.privateKey)
  const jwk = { ...attacker.publicKey.export({ format: 'jwk' }), kid: header['kid'], use: 'sig', alg: 'RS256' }
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const spki = attacker.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  return {
    'another key under the same kid': rawToken(header, claims, sign),
    'another key under an unknown kid': rawToken({ ...header, kid: randomUUID() }, claims, sign),
    'another key without a kid': rawToken(without(header, 'kid'), claims, sign),
    'another key in the header (jwk)': rawToken({ ...header, jwk }, claims, sign),
    'another key set named in the header (jku)': rawToken({ ...header, jku: `${attackerUrl}/jku` }, claims, sign),
    'another certificate named in the header (x5u)': rawToken({ ...header, x5u: `${attackerUrl}/x5u` }, claims, sign),
    'another certificate in the header (x5c)': rawToken({ ...header, x5c: [spki] }, claims, sign),
    'ES256 under the same kid': rawToken({ ...header, alg: 'ES256' }, claims, byEc(ec)),
  }
}

/** Signed by the key that counts, over claims that do not. */
function wrongClaims({ identity, header, claims, at }: Workshop): Kinds {
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
async function otherRoles({ identity, header, claims, at }: Workshop): Promise<Kinds> {
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

/** Not what it says it is, or not a token at all. */
function damaged({ identity, header, claims }: Workshop): Kinds {
  const sign = byRsa(identity.keys.current().privateKey)
  const [head = '', body = '', signature = ''] = rawToken(header, claims, sign).split('.')
  const changed = encoded({ ...claims, serviceurl: 'https://smba.attacker.example/emea/' })
  return {
    'with claims changed after signing': `${head}.${changed}.${signature}`,
    'with its signature cut': `${head}.${body}.${signature.slice(0, -8)}`,
    'with its signature twice': `${head}.${body}.${signature}.${signature}`,
    'with a critical header that nobody knows': rawToken(
      { ...header, crit: ['x'], x: 1, alg: 'none' },
      claims,
      unsigned,
    ),
    'five parts': `${head}.${body}.${signature}.${body}.${signature}`,
    'three dots': '...',
    'no JSON': `${Buffer.from('not json').toString('base64url')}.${body}.${signature}`,
    'claims that are null': rawToken(header, null as never, sign),
    'a word': 'token',
    'twelve kilobytes': `${head}.${'x'.repeat(12_000)}.${signature}`,
  }
}

/** Every way known to us in which a token of the connector can be false, each false in that one way. */
export async function forgedTokens(options: ForgeryOptions): Promise<ForgedToken[]> {
  const workshop = openWorkshop(options)
  const kinds: Kinds = {
    ...weakAlgorithms(workshop),
    ...foreignKeys(workshop),
    ...wrongClaims(workshop),
    ...(await otherRoles(workshop)),
    ...damaged(workshop),
  }
  const genuine = await options.identity.connectorToken(options.serviceUrl)
  return [
    { kind: 'no header', authorization: undefined },
    { kind: 'an empty header', authorization: '' },
    { kind: 'a scheme without a token', authorization: 'Bearer ' },
    { kind: 'another scheme', authorization: `Basic ${genuine}` },
    { kind: 'a token without a scheme', authorization: genuine },
    ...Object.entries(kinds).map(([kind, token]) => ({ kind, authorization: `Bearer ${token}` })),
  ]
}
