/*
 * `npm run dossiers:status -- FILE.csv`: see docs/operations.md.
 */
import { changeStatuses } from '../bot/operator/status-command.ts'
import { loadConfig } from '../config.ts'
import { createOperatorWords } from '../locales/operator-words.ts'
import { openOperatorBase } from './operator-base.ts'

const env = process.env
const words = createOperatorWords(/^ar([_.-]|$)/.test(env.LC_ALL ?? env.LANG ?? '') ? 'ar' : 'fr')
const print = (line: string) => void process.stdout.write(`${line}\n`)

const loaded = loadConfig(env)
if (loaded.ok) {
  process.exitCode = await changeStatuses({
    args: process.argv.slice(2),
    words,
    print,
    // npm runs in the project's folder; the operator may stand in another.
    directory: env.INIT_CWD ?? process.cwd(),
    open: () => openOperatorBase(loaded.config),
  })
} else {
  for (const line of [words('statuses.settings'), ...loaded.problems]) print(line)
  process.exitCode = 2
}
