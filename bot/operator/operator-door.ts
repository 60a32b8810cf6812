import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { z } from 'zod'
import { AppError } from '../../services/errors.ts'
import type { AccountUnlock } from '../../services/accounts/account-unlock.ts'
import type { Log } from '../../services/log.ts'
import type { RegisterImport } from '../../services/members/register-import.ts'
import type { StatusChanges } from '../../services/requests/status-changes.ts'
import { removeDoorFile, writeDoorFile } from './door-file.ts'
import { createFrames, type Frames } from './frames.ts'
import { greetClient } from './handshake.ts'
import { listenPrivately } from './private-socket.ts'
import { codesKept, importLimits, importRequest, keptLimits } from './import-frames.ts'
import type { KeyRotation } from '../../services/rotation/key-rotation.ts'
import { resealRequest } from './reseal-frames.ts'
import { statusRequest } from './status-frames.ts'
import { unlockRequest } from './unlock-frames.ts'

export interface OperatorDoor {
  close(): Promise<void>
}

interface DoorDeps {
  readonly dataDir: string
  readonly registerImport: RegisterImport
  readonly statusChanges: StatusChanges
  readonly keyRotation: KeyRotation
  readonly accountUnlock: AccountUnlock
  readonly log: Log
}

const request = z.discriminatedUnion('command', [importRequest, statusRequest, resealRequest, unlockRequest])

/**
 * Lets the operator's commands reach the data of an embedded database, which has one owner: the running server. Only the
 * owner of its process connects to its socket, and who knocks must know the secret in `DATA_DIR/operator.json` (mode 600).
 * Frames, the time for each, and connections are bounded: who connects and says nothing is cut off after 5 s.
 */
export async function openOperatorDoor(deps: DoorDeps): Promise<OperatorDoor> {
  const secret = randomBytes(32).toString('base64url')
  const open = new Set<Socket>()
  const server = createServer({ pauseOnConnect: false }, socket => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => open.delete(socket))
    void serve(socket, secret, deps)
  })
  server.maxConnections = 8
  const { path, remove } = await listenPrivately(server, deps.dataDir)
  await writeDoorFile(deps.dataDir, { path, secret })

  return {
    async close() {
      await removeDoorFile(deps.dataDir)
      const closed = once(server, 'close')
      server.close()
      for (const socket of open) socket.destroy()
      await closed
      await remove()
    },
  }
}

async function serve(socket: Socket, secret: string, deps: DoorDeps): Promise<void> {
  const frames = createFrames(socket)
  try {
    await greetClient(frames, secret)
    const asked = await frames.next(request, importLimits)
    if (asked.command === 'members.import') await importFile(frames, asked, deps)
    else if (asked.command === 'dossiers.status') await changeStatuses(frames, asked, deps)
    else if (asked.command === 'accounts.unlock') await unlock(frames, asked, deps)
    else await reseal(frames, deps)
  } catch (error) {
    deps.log.warn('operator.failed', { code: error instanceof AppError ? error.code : 'unexpected' })
  } finally {
    socket.end()
  }
}

async function importFile(
  frames: Frames,
  { file, replaceDemo, newCodes, absent }: z.infer<typeof importRequest>,
  { registerImport, log }: DoorDeps,
): Promise<void> {
  const options = { replaceDemo, newCodes, ...(absent && { absent }) }
  const result = await registerImport.run(Buffer.from(file, 'base64'), options, async codes => {
    frames.send({ codes })
    await frames.next(codesKept, keptLimits)
  })
  frames.send({ result })
  const { added, updated, disabled } = result.ok ? result : { added: 0, updated: 0, disabled: 0 }
  log.info('operator.import', { imported: result.ok, added, updated, disabled })
}

async function changeStatuses(
  frames: Frames,
  { file }: z.infer<typeof statusRequest>,
  { statusChanges, log }: DoorDeps,
): Promise<void> {
  const result = await statusChanges.run(Buffer.from(file, 'base64'))
  frames.send({ result })
  log.info('operator.statuses', { done: result.ok, changed: result.ok ? result.changed : 0 })
}

async function unlock(
  frames: Frames,
  { ppr }: z.infer<typeof unlockRequest>,
  { accountUnlock, log }: DoorDeps,
): Promise<void> {
  const found = await accountUnlock.run(ppr)
  frames.send({ found })
  log.info('operator.unlock', { found })
}

async function reseal(frames: Frames, { keyRotation, log }: DoorDeps): Promise<void> {
  const report = await keyRotation.reseal(renewed => frames.send({ renewed }))
  frames.send({ report })
  const { renewed, unreadable, inUse } = report
  log.info('operator.reseal', { ...renewed, unreadable, keysInUse: inUse.length })
}
