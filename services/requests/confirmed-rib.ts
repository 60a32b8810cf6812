import { keyedHash, keyedHashMatches } from '../keys/keyed-hash.ts'
import type { Keyring } from '../keys/keyring.ts'
import { hasValidKey } from '../members/rib.ts'
import type { Member } from '../members/member.ts'

/** Answers that are remembered, some 200 bytes each. */
const REMEMBERED = 10_000

/** What a draft keeps of the RIB that its member confirmed: a keyed hash. */
export function createConfirmedRib(keyring: Keyring) {
  const borneOut = new Set<string>()

  function remember(key: string): void {
    const [oldest] = borneOut
    if (borneOut.size >= REMEMBERED && oldest !== undefined) borneOut.delete(oldest)
    borneOut.add(key)
  }

  return {
    hash: (rib: string): Buffer => keyedHash(keyring, 'rib-hash', rib),

    /**
     * Whether the register still has this very RIB. Every turn asks: the same sealed RIB beside the same hash is opened once,
     * and neither is kept open.
     */
    isStillOf(member: Member, hash: Uint8Array): boolean {
      const key = member.ribSealed && `${base64(member.ribSealed)} ${base64(hash)}`
      if (key && borneOut.has(key)) return true
      const { rib } = member
      const isSame = Boolean(rib && hasValidKey(rib) && keyedHashMatches({ keyring, purpose: 'rib-hash' }, rib, hash))
      if (isSame && key) remember(key)
      return isSame
    },
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
