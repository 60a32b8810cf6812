import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBossJobs } from '../../../services/storage/boss-jobs.ts'
import { migrate } from '../../../services/storage/migrate.ts'
import type { Jobs } from '../../../services/storage/jobs.ts'
import type { Storage } from '../../../services/storage/storage.ts'
import { silentLog as log } from '../../support/silent-log.ts'
import { describeColumns, type Place } from '../storage/support/columns.ts'
import { driveId, mailFrom, openDesk, type Desk } from './support/desk.ts'

const settings = { archive: { driveId, folder: '', columns: {} }, mail: { from: mailFrom } }

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, 'it did not come about')
    await sleep(50)
  }
}

describeColumns('the foundation wants what follows a dossier to happen if, and only if, it is stored', column => {
  let place: Place
  let storage: Storage
  let jobs: Jobs
  let desk: Desk
  before(async () => {
    place = await column.newPlace()
    storage = await place.open()
    await migrate(storage.database, { log })
    jobs = createBossJobs({ database: storage.database, log, pollingSeconds: 1 })
    desk = await openDesk({ database: storage.database, jobs, settings })
    await jobs.start()
  })
  after(async () => {
    await jobs.stop()
    await desk.close()
    await place.remove()
  })

  const announce = (dossier: { id: string }) =>
    storage.database.transaction(tx => desk.notifications.announce(tx, dossier.id))
  const states = async ({ id }: { id: string }) =>
    Promise.all((['archive', 'mail'] as const).map(async kind => (await desk.row(id, kind))?.['state']))
  const isOver = async (dossier: { id: string }) => (await states(dossier)).every(state => state === 'done')

  it('finds it archived and confirmed, and no job left', async () => {
    const dossier = await desk.submit({ size: 6 * 1024 * 1024 })
    await announce(dossier)
    await until(() => isOver(dossier))
    assert.ok(desk.cloud.emulated.drive.items.get(`${dossier.number}.pdf`)?.bytes.equals(dossier.pdf))
    assert.equal(desk.cloud.emulated.mail.delivered().length, 1)
    await until(async () => {
      const left = await storage.database.query(
        `select 1 from pgboss.job where name in ('dossier-archive', 'dossier-mail')`,
      )
      return left.count === 0
    })
  })

  it('finds nothing of a submission that was rolled back', async () => {
    const dossier = await desk.submit()
    const lost = storage.database.transaction(async tx => {
      await desk.notifications.announce(tx, dossier.id)
      throw new Error('no')
    })
    await assert.rejects(lost)
    const next = await desk.submit()
    await announce(next)
    await until(() => isOver(next))
    assert.deepEqual(await states(dossier), [undefined, undefined])
  })

  it('finds both done once an outage is over, one of each', async () => {
    const dossier = await desk.submit()
    desk.cloud.emulated.faults.plan({ kind: 'status', status: 503, acted: true }, { operation: 'content' })
    desk.cloud.emulated.faults.plan({ kind: 'reset', acted: true }, { operation: 'send' })
    await announce(dossier)
    await until(() => isOver(dossier))
    assert.equal(desk.cloud.emulated.drive.items.get(`${dossier.number}.pdf`)?.versions, 1)
    const about = desk.cloud.emulated.mail
      .delivered()
      .filter(mail => mail.singleValueExtendedProperties.some(({ value }) => value === dossier.id))
    assert.equal(about.length, 1)
  })
})
