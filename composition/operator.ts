import { openOperatorDoor } from '../bot/operator/operator-door.ts'
import type { Config } from '../config.ts'
import { createAccountUnlock } from '../services/accounts/account-unlock.ts'
import { createRegisterImport } from '../services/members/register-import.ts'
import { createKeyRotation } from '../services/rotation/key-rotation.ts'
import { createStatusChanges } from '../services/requests/status-changes.ts'
import { newId, now } from './clock.ts'
import type { Parts } from './parts.ts'

/** The operator's commands reach an embedded database through its owner, this process. */
export async function openDoor(
  { stores }: Config,
  { base: { storage, keyring, delays }, bot, log }: Omit<Parts, 'config'>,
) {
  if (stores.kind !== 'embedded') return undefined
  const registerImport = createRegisterImport({ database: storage.database, keyring, newId, now })
  const { notices, proactive } = bot
  const onChanged = () => proactive.wake()
  const statusChanges = createStatusChanges({ database: storage.database, notices, now, onChanged })
  const keyRotation = createKeyRotation({ database: storage.database, keyring })
  const accountUnlock = createAccountUnlock({ database: storage.database, delays })
  const commands = { registerImport, statusChanges, keyRotation, accountUnlock }
  return openOperatorDoor({ dataDir: stores.dataDir, ...commands, log })
}
