import assert from 'node:assert/strict'
import type { Applicant } from './applicant.ts'
import type { Base } from './base.ts'
import { faultsIn } from './check-history.ts'
import { readStored } from './read-stored.ts'

/** Everything that members did and were told, against what is stored. */
export async function checkAll(base: Base, applicants: readonly Applicant[]): Promise<void> {
  const histories = applicants.map(applicant => applicant.history())
  const stored = await readStored(
    base,
    histories.map(({ ppr }) => ppr),
  )
  assert.deepEqual(faultsIn(histories, stored), [])
}
