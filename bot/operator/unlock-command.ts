import type { OperatorWords } from '../../locales/operator-words.ts'
import type { AccountUnlock } from '../../services/accounts/account-unlock.ts'
import { AppError } from '../../services/errors.ts'
import { normalisePpr } from '../../services/members/ppr.ts'

export interface UnlockCommand {
  /** As typed after the name of the command. */
  readonly args: readonly string[]
  readonly words: OperatorWords
  readonly print: (line: string) => void
  /** Reaches the data: through the server that runs, or by itself. */
  readonly open: () => Promise<{ readonly accountUnlock: AccountUnlock; close(): void | Promise<void> }>
}

/** @returns the exit code: 0 when the account is open to new devices, 1 when it could not be opened, 2 when it was called wrongly */
export async function unlockAccount({ args, words, print, open }: UnlockCommand): Promise<number> {
  const ppr = args.length === 1 ? normalisePpr(args[0] ?? '') : undefined
  if (ppr === undefined) {
    print(words('unlock.usage'))
    return 2
  }
  let opened: Awaited<ReturnType<UnlockCommand['open']>> | undefined
  try {
    opened = await open()
    const found = await opened.accountUnlock.run(ppr)
    print(words(found ? 'unlock.done' : 'unlock.unknown'))
    return found ? 0 : 1
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'unexpected'
    print(code === 'data-dir.in-use' ? words('unlock.inUse') : words('unlock.failed', { code }))
    return 1
  } finally {
    await opened?.close()
  }
}
