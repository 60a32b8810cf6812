import type { Request, Response, Server } from 'restify'
import type { Database } from '../../services/storage/database.ts'
import { sendError, sendJson } from './respond.ts'

/** A database that has not answered by then is away. */
const READY_MS = 2_000

/** `live`: the process answers. `ready`: it can serve, which ends as soon as it is told to stop. */
export function installHealth(server: Server, deps: { database: Database; isDraining: () => boolean }): void {
  async function isReady(): Promise<boolean> {
    if (deps.isDraining()) return false
    const late = new Promise<false>(resolve => void setTimeout(() => resolve(false), READY_MS).unref())
    const answered = deps.database.query('select 1').then(
      () => true,
      () => false,
    )
    return await Promise.race([answered, late])
  }

  server.get('/health/live', async (_req: Request, res: Response) => sendJson(res, 200, { status: 'live' }))
  server.get('/health/ready', async (_req: Request, res: Response) => {
    if (await isReady()) sendJson(res, 200, { status: 'ready' })
    else sendError(res, 503, { code: 'notReady' })
  })
}
