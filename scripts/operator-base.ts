import { reachRunningServer, type RunningServer } from '../bot/operator/operator-client.ts'
import type { Config } from '../config.ts'
import { createAccountUnlock } from '../services/accounts/account-unlock.ts'
import { createSignInDelays } from '../services/accounts/sign-in-delays.ts'
import { createConversationStore } from '../services/conversations/conversation-store.ts'
import { createKeyring } from '../services/keys/keyring.ts'
import { loadOrCreateSecretKey } from '../services/keys/secret-key-file.ts'
import type { Log } from '../services/log.ts'
import { createRegisterImport } from '../services/members/register-import.ts'
import { createProactiveNotices } from '../services/proactive/proactive-notices.ts'
import { createKeyRotation } from '../services/rotation/key-rotation.ts'
import { createStatusChanges } from '../services/requests/status-changes.ts'
import { openEmbeddedStorage } from '../services/storage/embedded-storage.ts'
import { migrate } from '../services/storage/migrate.ts'
import { openPostgresStorage } from '../services/storage/postgres-storage.ts'

export interface OperatorBase extends Omit<RunningServer, 'close'> {
  close(): void | Promise<void>
}

const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const now = () => new Date()
const newId = () => crypto.randomUUID()

/**
 * What an operator's command works on: the server when one runs on this DATA_DIR, since an embedded database has one
 * owner; the database itself otherwise, and always with DATABASE_URL.
 */
export async function openOperatorBase({ stores, secretKey }: Config): Promise<OperatorBase> {
  const running = stores.kind === 'embedded' ? await reachRunningServer(stores.dataDir) : undefined
  if (running) return running
  const storage =
    stores.kind === 'embedded'
      ? await openEmbeddedStorage({ dataDir: stores.dataDir, log })
      : await openPostgresStorage({ databaseUrl: stores.databaseUrl, redisUrl: stores.redisUrl, log })
  const { database } = storage
  const key = secretKey ?? (stores.kind === 'embedded' ? await loadOrCreateSecretKey(stores.dataDir) : '')
  await migrate(database, { log })
  const conversations = createConversationStore({ database, now })
  const notices = createProactiveNotices({ database, conversations, now, newId, hasTeams: false })
  const keyring = createKeyring(key)
  return {
    accountUnlock: createAccountUnlock({ database, delays: createSignInDelays({ database, keyring, now }) }),
    registerImport: createRegisterImport({ database, keyring, newId, now }),
    keyRotation: createKeyRotation({ database, keyring }),
    statusChanges: createStatusChanges({ database, notices, now }),
    close: async () => await storage.close(),
  }
}
