import { setTimeout as delay } from 'node:timers/promises'

/** Asks the base until it says so. @throws {Error} when it does not within the limit */
export async function untilStored(isSo: () => Promise<boolean>, what: string, milliseconds = 60_000): Promise<void> {
  const end = Date.now() + milliseconds
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await delay(20)
  }
}
