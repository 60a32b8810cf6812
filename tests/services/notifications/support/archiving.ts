import assert from 'node:assert/strict'
import { openFreshDatabase } from '../../../support/fresh-database.ts'
import { driveId, openDesk } from './desk.ts'
import { createManualJobs } from './manual-jobs.ts'

const settings = {
  archive: {
    driveId,
    folder: 'Aide exceptionnelle/2026',
    columns: { number: 'NumeroDossier', ppr: 'PPR', submittedAt: 'DateDepot', motif: 'Motif', personName: 'Personne' },
  },
}

export type Archiving = Awaited<ReturnType<typeof openArchiving>>

/** An archive that is switched on, over a database of its own. */
export async function openArchiving() {
  const manual = createManualJobs()
  const fresh = await openFreshDatabase()
  const desk = await openDesk({ database: fresh.database, jobs: manual.jobs, settings })
  const { emulated } = desk.cloud
  const once = (dossier: { id: string }) => manual.attempt('dossier-archive', { dossier: dossier.id })
  const itemOf = ({ number }: { number: string }) => emulated.drive.items.get(`Aide exceptionnelle/2026/${number}.pdf`)
  const count = (operation: string) => emulated.asked.filter(asked => asked === operation).length

  return {
    manual,
    desk,
    emulated,
    database: fresh.database,
    /** One try. @returns the code of what broke */
    once,
    itemOf,
    /** How often Graph was asked for this since the last test. */
    count,
    /** Tries as pg-boss does, with time in between. @returns the codes of those that failed */
    async untilArchived(dossier: { id: string }): Promise<string[]> {
      const codes: string[] = []
      for (let tries = 0; tries < 8; tries++) {
        const code = await once(dossier)
        if (code === undefined) return codes
        codes.push(code)
        desk.clock.at += 60_000
      }
      return assert.fail(`not archived: ${codes.join(' ')}`)
    },
    assertArchived(dossier: { number: string; pdf: Buffer }): void {
      const item = itemOf(dossier)
      assert.ok(item?.bytes.equals(dossier.pdf), 'not the same bytes')
      assert.equal(item?.versions, 1)
      assert.equal(emulated.sessions.open(), 0)
    },
    forget(): void {
      emulated.faults.clear()
      emulated.asked.length = 0
    },
    async close() {
      await desk.close()
      await fresh.close()
    },
  }
}
