import type { Database } from '../storage/database.ts'
import { findAccount } from './account-store.ts'
import type { SignInDelays } from './sign-in-delays.ts'

export interface AccountUnlock {
  /** The member signs in from new devices again, however many strangers have tried. @returns false: no such member */
  run(ppr: string): Promise<boolean>
}

interface Deps {
  readonly database: Database
  readonly delays: Pick<SignInDelays, 'unlock'>
}

export function createAccountUnlock({ database, delays }: Deps): AccountUnlock {
  return {
    async run(ppr) {
      const account = await findAccount(database, ppr)
      if (!account) return false
      await database.query("insert into audit (actor, action, subject) values ('system', 'account.unlocked', $1)", [
        account.memberId,
      ])
      await delays.unlock(ppr)
      return true
    },
  }
}
