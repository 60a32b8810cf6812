/*
 * `npm run members:import -- FILE.csv`: see docs/members.md. Goes through the server when one runs on this DATA_DIR, since
 * an embedded database has one owner; opens the database itself otherwise, and always with DATABASE_URL.
 */
import { randomUUID } from 'node:crypto'
import { type OpenedImport, importMembers } from '../bot/operator/import-command.ts'
import { reachRunningServer } from '../bot/operator/operator-client.ts'
import { type Config, loadConfig } from '../config.ts'
import { createOperatorWords } from '../locales/operator-words.ts'
import { createKeyring } from '../services/keys/keyring.ts'
import { loadOrCreateSecretKey } from '../services/keys/secret-key-file.ts'
import type { Log } from '../services/log.ts'
import { createRegisterImport } from '../services/members/register-import.ts'
import { openEmbeddedStorage } from '../services/storage/embedded-storage.ts'
import { migrate } from '../services/storage/migrate.ts'
import { openPostgresStorage } from '../services/storage/postgres-storage.ts'

const env = process.env
const words = createOperatorWords(/^ar([_.-]|$)/.test(env.LC_ALL ?? env.LANG ?? '') ? 'ar' : 'fr')
const print = (line: string) => void process.stdout.write(`${line}\n`)
const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

async function open({ stores, secretKey }: Config): Promise<OpenedImport> {
  const running = stores.kind === 'embedded' ? await reachRunningServer(stores.dataDir) : undefined
  if (running) return running
  const storage =
    stores.kind === 'embedded'
      ? await openEmbeddedStorage({ dataDir: stores.dataDir, log })
      : await openPostgresStorage({ databaseUrl: stores.databaseUrl, redisUrl: stores.redisUrl, log })
  const key = secretKey ?? (stores.kind === 'embedded' ? await loadOrCreateSecretKey(stores.dataDir) : '')
  await migrate(storage.database, { log })
  const registerImport = createRegisterImport({
    database: storage.database,
    keyring: createKeyring(key),
    newId: randomUUID,
  })
  return { ...registerImport, close: async () => await storage.close() }
}

/** npm keeps flags that stand before `--` for itself, and hands them on as settings of its own. */
function flagsKeptByNpm(): string[] {
  return ['replace-demo', 'new-codes']
    .filter(flag => env[`npm_config_${flag.replace('-', '_')}`] === 'true')
    .map(flag => `--${flag}`)
}

const loaded = loadConfig(env)
if (loaded.ok) {
  const args = [...process.argv.slice(2), ...flagsKeptByNpm()]
  process.exitCode = await importMembers({
    args,
    words,
    print,
    // npm runs in the project's folder; the operator may stand in another.
    directory: env.INIT_CWD ?? process.cwd(),
    now: () => new Date(),
    open: () => open(loaded.config),
  })
} else {
  for (const line of [words('import.settings'), ...loaded.problems]) print(line)
  process.exitCode = 2
}
