/*
 * `npm run base:verify`: opens every document and every RIB of the base that DATABASE_URL names with the keys of
 * SECRET_KEY, and says in one line of JSON what it found. Meant for a restored backup. Exit code 1: something is broken.
 */
import { randomUUID } from 'node:crypto'
import { loadConfig } from '../config.ts'
import { createDocumentStore } from '../services/documents/document-store.ts'
import { createKeyring } from '../services/keys/keyring.ts'
import type { Log } from '../services/log.ts'
import { verifyBase } from '../services/backup/verify-base.ts'
import { openPostgresDatabase } from '../services/storage/postgres/postgres-database.ts'

const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const loaded = loadConfig(process.env)
if (!loaded.ok) {
  for (const problem of loaded.problems) process.stderr.write(`config.invalid: ${problem}\n`)
  process.exit(78)
}
const { stores, secretKey } = loaded.config
if (stores.kind !== 'production' || secretKey === undefined) {
  process.stderr.write('config.invalid: DATABASE_URL, REDIS_URL and SECRET_KEY are needed\n')
  process.exit(78)
}
const keyring = createKeyring(secretKey)
const database = openPostgresDatabase({ databaseUrl: stores.databaseUrl, log })
const documents = createDocumentStore({ database, keyring, now: () => new Date(), newId: randomUUID })
const report = await verifyBase({ database, documents, keyring })
await database.close()
process.stdout.write(`${JSON.stringify(report)}\n`)
process.exitCode = report.broken.length > 0 ? 1 : 0
