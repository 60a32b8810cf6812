import type { OperatorWords } from '../../locales/operator-words.ts'
import { AppError } from '../../services/errors.ts'
import type { KeyRotation, ResealReport } from '../../services/rotation/key-rotation.ts'

export interface ResealCommand {
  /** As typed after the name of the command. */
  readonly args: readonly string[]
  readonly words: OperatorWords
  readonly print: (line: string) => void
  /** Reaches the data: through the server that runs, or by itself. */
  readonly open: () => Promise<{ readonly keyRotation: KeyRotation; close(): void | Promise<void> }>
}

/** @returns the exit code: 0 when no old key is in use any more, 1 when one is or may be, 2 when it was called wrongly */
export async function resealKeys({ args, words, print, open }: ResealCommand): Promise<number> {
  if (args.length > 0) {
    print(words('reseal.usage'))
    return 2
  }
  let opened: Awaited<ReturnType<ResealCommand['open']>> | undefined
  try {
    opened = await open()
    const report = await opened.keyRotation.reseal()
    for (const line of linesOf(words, report)) print(line)
    return report.inUse.length === 0 ? 0 : 1
  } catch (error) {
    print(sentenceFor(words, error))
    return 1
  } finally {
    await opened?.close()
  }
}

function linesOf(words: OperatorWords, { renewed, unreadable, inUse }: ResealReport): string[] {
  return [
    words('reseal.done', renewed),
    ...(unreadable > 0 ? [words('reseal.unreadable', { count: unreadable })] : []),
    ...(inUse.length === 0 ? [words('reseal.free')] : inUse.map(held => words('reseal.held', { ...held }))),
  ]
}

function sentenceFor(words: OperatorWords, error: unknown): string {
  const code = error instanceof AppError ? error.code : 'unexpected'
  if (code === 'data-dir.in-use') return words('reseal.inUse')
  return words('reseal.failed', { code })
}
