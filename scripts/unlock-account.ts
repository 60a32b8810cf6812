/*
 * `npm run accounts:unlock -- PPR`: see docs/operations.md.
 */
import { unlockAccount } from '../bot/operator/unlock-command.ts'
import { loadConfig } from '../config.ts'
import { createOperatorWords } from '../locales/operator-words.ts'
import { openOperatorBase } from './operator-base.ts'

const env = process.env
const words = createOperatorWords(/^ar([_.-]|$)/.test(env.LC_ALL ?? env.LANG ?? '') ? 'ar' : 'fr')
const print = (line: string) => void process.stdout.write(`${line}\n`)

const loaded = loadConfig(env)
if (loaded.ok) {
  const open = () => openOperatorBase(loaded.config)
  process.exitCode = await unlockAccount({ args: process.argv.slice(2), words, print, open })
} else {
  for (const line of [words('unlock.settings'), ...loaded.problems]) print(line)
  process.exitCode = 2
}
