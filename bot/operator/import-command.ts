import { access, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { OperatorWords } from '../../locales/operator-words.ts'
import { AppError } from '../../services/errors.ts'
import type { ImportOptions, ImportResult, RegisterImport } from '../../services/members/register-import.ts'
import { type CodesWritten, writeCodesFile } from './codes-file.ts'

export type OpenedImport = RegisterImport & { close(): void | Promise<void> }

export interface ImportCommand {
  /** As typed after the name of the command. */
  readonly args: readonly string[]
  /** Where relative paths begin. */
  readonly directory: string
  readonly words: OperatorWords
  readonly print: (line: string) => void
  readonly now: () => Date
  /** Reaches the data: through the server that runs, or by itself. */
  readonly open: () => Promise<OpenedImport>
}

interface Wanted {
  readonly file: string
  readonly codesFile: string
  readonly options: ImportOptions
}

/** @returns the exit code: 0 when everything was imported, 1 when nothing was, 2 when it was called wrongly */
export async function importMembers(command: ImportCommand): Promise<number> {
  const { words, print } = command
  const wanted = readArgs(command)
  if (!wanted) return tell(print, words('import.usage'), 2)
  const file = await readFile(wanted.file).catch(() => undefined)
  if (!file) return tell(print, words('import.fileUnreadable', { path: wanted.file }), 1)
  if (await isThere(wanted.codesFile))
    return tell(print, words('import.codesFileExists', { path: wanted.codesFile }), 1)
  let opened: OpenedImport | undefined
  try {
    opened = await command.open()
    return await run(command, wanted, { file, opened })
  } catch (error) {
    return tell(print, sentenceFor(words, error), 1)
  } finally {
    await opened?.close()
  }
}

function tell(print: (line: string) => void, line: string, exitCode: number): number {
  print(line)
  return exitCode
}

function readArgs({ args, directory, now }: ImportCommand): Wanted | undefined {
  const flags = {
    'replace-demo': { type: 'boolean' },
    'new-codes': { type: 'boolean' },
    codes: { type: 'string' },
    absent: { type: 'string', default: 'keep' },
  } as const
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true })
    const [file, ...more] = positionals
    const { absent } = values
    if (file === undefined || more.length > 0 || (absent !== 'keep' && absent !== 'disable')) return undefined
    const stamp = now().toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')
    return {
      file: resolve(directory, file),
      codesFile: resolve(directory, values.codes ?? `activation-codes-${stamp}.csv`),
      options: { replaceDemo: values['replace-demo'] ?? false, newCodes: values['new-codes'] ?? false, absent },
    }
  } catch {
    return undefined
  }
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

interface Running {
  readonly file: Uint8Array
  readonly opened: OpenedImport
}

async function run({ words, print }: ImportCommand, wanted: Wanted, { file, opened }: Running): Promise<number> {
  let written: CodesWritten | undefined
  try {
    const result = await opened.run(file, wanted.options, async codes => {
      written = await writeCodesFile(wanted.codesFile, codes)
      if (written !== 'written') throw new AppError('operator.broken', 'the codes could not be written')
    })
    for (const line of report(words, result, wanted.codesFile)) print(line)
    return result.ok ? 0 : 1
  } catch (error) {
    const path = wanted.codesFile
    if (written === 'exists') return tell(print, words('import.codesFileExists', { path }), 1)
    if (written === 'failed') return tell(print, words('import.codesFileFailed', { path }), 1)
    // The codes are kept on purpose: the commit may have reached the disk although nobody could say so.
    if (written === 'written' || isBroken(error)) return tell(print, words('import.unconfirmed'), 1)
    throw error
  }
}

function isBroken(error: unknown): boolean {
  return error instanceof AppError && error.code === 'operator.broken'
}

function report(words: OperatorWords, result: ImportResult, codesFile: string): string[] {
  if (!result.ok && result.reason === 'demoPresent') return [words('import.demoPresent', { ...result.demo })]
  if (!result.ok && result.reason === 'tooManyAbsent') {
    const { absent, members } = result
    return [words('import.tooManyAbsent', { absent, members })]
  }
  if (!result.ok) {
    const lines = result.problems.map(({ line, column, code }) => {
      const problem = words(`importProblem.${code}`)
      return column
        ? words('import.problemInColumn', { line, column, problem })
        : words('import.problem', { line, problem })
    })
    return [...lines, words('import.problems', { count: result.problems.length })]
  }
  const { added, updated, disabled, codes, removedDemo } = result
  return [
    ...(removedDemo.members > 0 ? [words('import.demoRemoved', { ...removedDemo })] : []),
    words('import.done', { added, updated }),
    ...(disabled > 0 ? [words('import.disabled', { count: disabled })] : []),
    ...(codes > 0 ? [words('import.codes', { count: codes, path: codesFile })] : []),
  ]
}

function sentenceFor(words: OperatorWords, error: unknown): string {
  if (error instanceof AppError && error.code === 'data-dir.in-use') return words('import.inUse')
  return words('import.failed', { code: error instanceof AppError ? error.code : 'unexpected' })
}
