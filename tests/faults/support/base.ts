import { randomUUID } from 'node:crypto'
import { createKeyring } from '../../../services/keys/keyring.ts'
import { loadOrCreateSecretKey } from '../../../services/keys/secret-key-file.ts'
import { createServices } from '../../../services/services.ts'
import type { Database } from '../../../services/storage/database.ts'
import { openEmbeddedDatabase } from '../../../services/storage/embedded/embedded-database.ts'
import { silentLog } from '../../support/silent-log.ts'

/** What is stored, as the product's own services read it. */
export function baseOn(database: Database, secretKey: string) {
  const keyring = createKeyring(secretKey)
  return { database, ...createServices({ database, keyring, now: () => new Date(), newId: randomUUID }) }
}

export type Base = ReturnType<typeof baseOn>

/** Opens the base of an embedded server that has ended. */
export async function lookInto<T>(dataDir: string, look: (base: Base) => Promise<T>): Promise<T> {
  const database = await openEmbeddedDatabase({ dataDir, log: silentLog })
  try {
    return await look(baseOn(database, await loadOrCreateSecretKey(dataDir)))
  } finally {
    await database.close()
  }
}
