/*
 * `npm run documents:check -- --json < LIST`: judges each file of a list of paths, as an upload is judged, and prints a line
 * of JSON for it. Needs no server and no settings. See docs/operations.md.
 */
import { createInterface } from 'node:readline'
import { createOperatorWords } from '../locales/operator-words.ts'
import { checkPaths } from '../services/documents/check-paths.ts'
import { createPdfCheck } from '../services/documents/pdf-check/pdf-check.ts'
import type { Log } from '../services/log.ts'

const { env, stdin, stdout, argv } = process
const words = createOperatorWords(/^ar([_.-]|$)/.test(env.LC_ALL ?? env.LANG ?? '') ? 'ar' : 'fr')
const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const args = argv.slice(2)
const notJudged = new Set<string | null>(['unreadable', 'failed', 'busy'])

/** @returns the exit code: 1 when a file of the list was not judged */
async function checkList(): Promise<number> {
  const pdfCheck = createPdfCheck({ log })
  // npm runs in the project's folder; the operator may stand in another.
  const directory = env.INIT_CWD ?? process.cwd()
  let unjudged = 0
  for await (const checked of checkPaths(createInterface({ input: stdin }), { pdfCheck, directory })) {
    if (notJudged.has(checked.code)) unjudged++
    stdout.write(`${JSON.stringify(checked)}\n`)
  }
  await pdfCheck.close()
  return unjudged > 0 ? 1 : 0
}

if (args.length === 1 && args[0] === '--json') {
  process.exitCode = await checkList()
} else {
  process.stderr.write(`${words('documentsCheck.usage')}\n`)
  process.exitCode = 2
}
