import { open } from 'node:fs/promises'
import type { ActivationCode } from '../../services/members/register-import.ts'

export type CodesWritten = 'written' | 'exists' | 'failed'

/**
 * Puts the codes on the disk, readable by its owner only, never over another file. Both columns are digits and capital
 * letters: nothing in them runs in a spreadsheet.
 */
export async function writeCodesFile(path: string, codes: readonly ActivationCode[]): Promise<CodesWritten> {
  const lines = ['ppr;code', ...codes.map(({ ppr, code }) => `${ppr};${code}`)]
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(`${lines.join('\r\n')}\r\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    return 'written'
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EEXIST' ? 'exists' : 'failed'
  }
}
