import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { without, type Kinds, type Workshop } from './forgery-workshop.ts'
import { byEc, byHmac, byRsa, encoded, rawToken, unsigned } from './raw-token.ts'

/** Not signed, or by a secret that everybody knows. */
export function weakAlgorithms({ identity, header, claims }: Workshop): Kinds {
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
export function foreignKeys({ header, claims, attacker, attackerUrl }: Workshop): Kinds {
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

/** Not what it says it is, or not a token at all. */
export function damaged({ identity, header, claims }: Workshop): Kinds {
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
