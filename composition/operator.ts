import { openOperatorDoor } from '../bot/operator/operator-door.ts'
import type { Config } from '../config.ts'
import type { Log } from '../services/log.ts'
import { createRegisterImport } from '../services/members/register-import.ts'
import type { Base } from './base.ts'
import { newId } from './clock.ts'

/** The operator's commands reach an embedded database through its owner, this process. */
export async function openDoor({ stores }: Config, { storage, keyring }: Base, log: Log) {
  if (stores.kind !== 'embedded') return undefined
  const registerImport = createRegisterImport({ database: storage.database, keyring, newId })
  return openOperatorDoor({ dataDir: stores.dataDir, registerImport, log })
}
