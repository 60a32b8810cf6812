import { openOperatorDoor } from '../bot/operator/operator-door.ts'
import type { Config } from '../config.ts'
import { createRegisterImport } from '../services/members/register-import.ts'
import { createKeyRotation } from '../services/rotation/key-rotation.ts'
import { createStatusChanges } from '../services/requests/status-changes.ts'
import { newId, now } from './clock.ts'
import type { Parts } from './parts.ts'

/** The operator's commands reach an embedded database through its owner, this process. */
export async function openDoor({ stores }: Config, { base: { storage, keyring }, bot, log }: Omit<Parts, 'config'>) {
  if (stores.kind !== 'embedded') return undefined
  const registerImport = createRegisterImport({ database: storage.database, keyring, newId })
  const { notices, proactive } = bot
  const onChanged = () => proactive.wake()
  const statusChanges = createStatusChanges({ database: storage.database, notices, now, onChanged })
  const keyRotation = createKeyRotation({ database: storage.database, keyring })
  return openOperatorDoor({ dataDir: stores.dataDir, registerImport, statusChanges, keyRotation, log })
}
