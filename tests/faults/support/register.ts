import { randomUUID } from 'node:crypto'
import type { Keyring } from '../../../services/keys/keyring.ts'
import type { RegisterEntry } from '../../../services/members/register-file.ts'
import { writeMembers } from '../../../services/members/register.ts'
import { ribKey } from '../../../services/members/rib.ts'
import type { Database } from '../../../services/storage/database.ts'
import type { Plan } from './requests.ts'

/** An invented member with a RIB of their own and relatives of each kind. */
export interface Enrolled {
  readonly ppr: string
  readonly relatives: readonly Plan['beneficiary'][]
}

/** Puts so many members into the register. */
export async function enrol(database: Database, keyring: Keyring, count: number): Promise<Enrolled[]> {
  const entries = Array.from({ length: count }, (_, index) => entryOf(index + 1))
  await database.transaction(tx => writeMembers(tx, entries, { keyring, newId: randomUUID }))
  return entries.map(({ ppr }) => ({ ppr, relatives: ['spouse', 'child'] }))
}

function entryOf(index: number): RegisterEntry {
  const first22 = `007780${String(index).padStart(16, '0')}`
  return {
    ppr: String(2_000_000 + index),
    name: `Adhérent ${index}`,
    rib: first22 + ribKey(first22),
    relatives: [
      { kind: 'spouse', name: `Conjoint ${index}` },
      { kind: 'child', name: `Enfant ${index}` },
    ],
  }
}
