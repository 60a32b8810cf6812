import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { AccountUnlock } from '../../services/accounts/account-unlock.ts'
import type {
  ActivationCode,
  ImportOptions,
  ImportResult,
  RegisterImport,
} from '../../services/members/register-import.ts'
import type { StatusChanges, StatusResult } from '../../services/requests/status-changes.ts'
import { readDoorFile } from './door-file.ts'
import { createFrames, type Frames } from './frames.ts'
import { greetServer } from './handshake.ts'
import { importLimits, importReply } from './import-frames.ts'
import type { KeyRotation, ResealReport } from '../../services/rotation/key-rotation.ts'
import { resealLimits, resealReply } from './reseal-frames.ts'
import { statusReply } from './status-frames.ts'
import { unlockLimits, unlockReply } from './unlock-frames.ts'

export interface RunningServer {
  readonly registerImport: RegisterImport
  readonly statusChanges: StatusChanges
  readonly keyRotation: KeyRotation
  readonly accountUnlock: AccountUnlock
  close(): void
}

/**
 * The server that runs on `dataDir`, for one command.
 * @returns undefined when none answers there; a `run` throws `operator.broken` when the server fails meanwhile
 */
export async function reachRunningServer(dataDir: string): Promise<RunningServer | undefined> {
  const door = await readDoorFile(dataDir)
  const socket = door && (await connectTo(door.path))
  if (!door || !socket) return undefined
  const frames = createFrames(socket)
  try {
    await greetServer(frames, door.secret)
  } catch {
    // The file is of a server that was killed, and somebody else has its port.
    socket.destroy()
    return undefined
  }
  return {
    registerImport: { run: (file, options, keepCodes) => importFile(frames, { file, options, keepCodes }) },
    statusChanges: { run: file => changeStatuses(frames, file) },
    accountUnlock: { run: ppr => unlock(frames, ppr) },
    keyRotation: { reseal: onProgress => reseal(frames, onProgress) },
    close: () => void socket.destroy(),
  }
}

async function connectTo(path: string): Promise<Socket | undefined> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    socket.on('error', () => socket.destroy())
    return socket
  } catch {
    return undefined
  }
}

interface Sending {
  readonly file: Uint8Array
  readonly options: ImportOptions
  readonly keepCodes: (codes: ActivationCode[]) => Promise<void>
}

async function importFile(frames: Frames, { file, options, keepCodes }: Sending): Promise<ImportResult> {
  frames.send({ command: 'members.import', file: Buffer.from(file).toString('base64'), ...options })
  for (;;) {
    const reply = await frames.next(importReply, importLimits)
    if ('result' in reply) return reply.result
    await keepCodes(reply.codes)
    frames.send({ kept: true })
  }
}

async function changeStatuses(frames: Frames, file: Uint8Array): Promise<StatusResult> {
  frames.send({ command: 'dossiers.status', file: Buffer.from(file).toString('base64') })
  return (await frames.next(statusReply, importLimits)).result
}

async function unlock(frames: Frames, ppr: string): Promise<boolean> {
  frames.send({ command: 'accounts.unlock', ppr })
  return (await frames.next(unlockReply, unlockLimits)).found
}

async function reseal(frames: Frames, onProgress?: (renewed: number) => void): Promise<ResealReport> {
  frames.send({ command: 'keys.reseal' })
  for (;;) {
    const reply = await frames.next(resealReply, resealLimits)
    if ('report' in reply) return reply.report
    onProgress?.(reply.renewed)
  }
}
