import { otherRoles, wrongClaims } from './forged-claims.ts'
import { damaged, foreignKeys, weakAlgorithms } from './forged-signatures.ts'
import { openWorkshop, type ForgeryOptions, type Kinds } from './forgery-workshop.ts'

/** An `Authorization` header that no bot may accept; undefined: none is sent. */
export interface ForgedToken {
  readonly kind: string
  readonly authorization: string | undefined
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
