/*
 * `npm run keys:reseal`: see docs/operations.md.
 */
import { resealKeys } from '../bot/operator/reseal-command.ts'
import { loadConfig } from '../config.ts'
import { createOperatorWords } from '../locales/operator-words.ts'
import { openOperatorBase } from './operator-base.ts'

const env = process.env
const words = createOperatorWords(/^ar([_.-]|$)/.test(env.LC_ALL ?? env.LANG ?? '') ? 'ar' : 'fr')
const print = (line: string) => void process.stdout.write(`${line}\n`)

const loaded = loadConfig(env)
if (loaded.ok) {
  const open = () => openOperatorBase(loaded.config)
  process.exitCode = await resealKeys({ args: process.argv.slice(2), words, print, open })
} else {
  for (const line of [words('reseal.settings'), ...loaded.problems]) print(line)
  process.exitCode = 2
}
