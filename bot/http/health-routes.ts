import type { Request, Response, Server } from 'restify'
import type { Queryable } from '../../services/storage/database.ts'
import type { StorageProbes } from '../../services/storage/storage.ts'
import type { Space } from '../../services/storage/space.ts'
import { sendError, sendJson } from './respond.ts'

/** A store that has not answered by then is away. */
const READY_MS = 2_000

export interface HealthDeps {
  readonly database: Queryable
  readonly probes: StorageProbes
  readonly space: Space
  readonly isDraining: () => boolean
}

/**
 * `live`: the process answers, and nothing else is asked. `ready`: it can serve, which ends as soon as it is told to
 * stop or the database is away. Without Redis it serves, only later: 200 with `degraded`, so that no instance is taken
 * out for what all of them lack. Without space it serves whoever reads: 200 with `readOnly`.
 */
export function installHealth(server: Server, { database, probes, space, isDraining }: HealthDeps): void {
  async function state(): Promise<'ready' | 'degraded' | 'readOnly' | 'away'> {
    if (isDraining()) return 'away'
    const select = database.query('select 1').then(() => true)
    const [hasDatabase, hasRedis] = await Promise.all([answers(select), answers(probes.redis?.())])
    if (!hasDatabase) return 'away'
    if (space.state() === 'full') return 'readOnly'
    return hasRedis ? 'ready' : 'degraded'
  }

  server.get('/health/live', async (_req: Request, res: Response) => sendJson(res, 200, { status: 'live' }))
  server.get('/health/ready', async (_req: Request, res: Response) => {
    const status = await state()
    if (status === 'away') sendError(res, 503, { code: 'notReady' })
    else sendJson(res, 200, { status })
  })
}

/** What is not there, such as Redis beside an embedded database, is never away. */
async function answers(work: Promise<boolean> | undefined): Promise<boolean> {
  if (!work) return true
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const late = setTimeout(resolve, READY_MS, false)
  work.then(resolve, () => resolve(false))
  return promise.finally(() => clearTimeout(late))
}
