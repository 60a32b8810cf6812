/** A member of the bench, with values of their own that every reply is checked against. */
export interface Identity {
  readonly ppr: string
  readonly name: string
  /** 24 digits, with a key that fits. */
  readonly rib: string
}

export function identityOf(index: number): Identity {
  const account = String(index).padStart(16, '0')
  const base = `190170${account}`
  const key = 97n - ((BigInt(base) * 100n) % 97n)
  return {
    ppr: String(5_000_000 + index),
    name: `Membre ${String(index).padStart(5, '0')}`,
    rib: base + String(key).padStart(2, '0'),
  }
}

/** 3-3-16-2, as a member reads it. */
export const groupsOf = (rib: string): string[] => [rib.slice(0, 3), rib.slice(3, 6), rib.slice(6, 22), rib.slice(22)]
export const lastFour = (rib: string): string => rib.slice(-4)
