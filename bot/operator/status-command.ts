import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { OperatorWords } from '../../locales/operator-words.ts'
import { AppError } from '../../services/errors.ts'
import type { StatusChanges, StatusResult } from '../../services/requests/status-changes.ts'

export interface StatusCommand {
  /** As typed after the name of the command. */
  readonly args: readonly string[]
  /** Where relative paths begin. */
  readonly directory: string
  readonly words: OperatorWords
  readonly print: (line: string) => void
  /** Reaches the data: through the server that runs, or by itself. */
  readonly open: () => Promise<{ readonly statusChanges: StatusChanges; close(): void | Promise<void> }>
}

/** @returns the exit code: 0 when everything was changed, 1 when nothing was, 2 when it was called wrongly */
export async function changeStatuses(command: StatusCommand): Promise<number> {
  const { words, print, directory } = command
  const name = fileIn(command.args)
  if (name === undefined) return tell(print, words('statuses.usage'), 2)
  const path = resolve(directory, name)
  const file = await readFile(path).catch(() => undefined)
  if (!file) return tell(print, words('statuses.fileUnreadable', { path }), 1)
  let opened: Awaited<ReturnType<StatusCommand['open']>> | undefined
  try {
    opened = await command.open()
    const result = await opened.statusChanges.run(file)
    for (const line of report(words, result)) print(line)
    return result.ok ? 0 : 1
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

function fileIn(args: readonly string[]): string | undefined {
  try {
    const [file, ...more] = parseArgs({ args: [...args], options: {}, allowPositionals: true }).positionals
    return more.length === 0 ? file : undefined
  } catch {
    return undefined
  }
}

function report(words: OperatorWords, result: StatusResult): string[] {
  if (result.ok) return [words('statuses.done', { changed: result.changed, unchanged: result.unchanged })]
  const lines = result.problems.map(({ line, column, code }) => {
    const problem = words(`statusProblem.${code}`)
    return column
      ? words('statuses.problemInColumn', { line, column, problem })
      : words('statuses.problem', { line, problem })
  })
  return [...lines, words('statuses.problems', { count: result.problems.length })]
}

function sentenceFor(words: OperatorWords, error: unknown): string {
  const code = error instanceof AppError ? error.code : 'unexpected'
  if (code === 'data-dir.in-use') return words('statuses.inUse')
  // The commit may have reached the disk although nobody could say so.
  return code === 'operator.broken' ? words('statuses.unconfirmed') : words('statuses.failed', { code })
}
