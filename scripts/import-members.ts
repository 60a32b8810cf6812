/*
 * `npm run members:import -- FILE.csv`: see docs/members.md. Goes through the server when one runs on this DATA_DIR, since
 * an embedded database has one owner; opens the database itself otherwise, and always with DATABASE_URL.
 */
import { type OpenedImport, importMembers } from '../bot/operator/import-command.ts'
import { type Config, loadConfig } from '../config.ts'
import { createOperatorWords } from '../locales/operator-words.ts'
import { openOperatorBase } from './operator-base.ts'

const env = process.env
const words = createOperatorWords(/^ar([_.-]|$)/.test(env.LC_ALL ?? env.LANG ?? '') ? 'ar' : 'fr')
const print = (line: string) => void process.stdout.write(`${line}\n`)

async function open(config: Config): Promise<OpenedImport> {
  const { registerImport, close } = await openOperatorBase(config)
  return { ...registerImport, close }
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
