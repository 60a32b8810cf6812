import { timingSafeEqual } from 'node:crypto'
import type { Database } from '../storage/database.ts'
import { findAccount, setPassword } from './account-store.ts'
import { hashActivationCode } from './activation-code.ts'
import { isStrongPassword } from './password-policy.ts'
import type { Passwords } from './passwords.ts'
import type { SignInAttempt, SignInDelays } from './sign-in-delays.ts'

/** `wrongCredentials` says the same for a PPR that does not exist, is not activated, or has another password. */
export type SignInResult =
  | { ok: true; memberId: string }
  | { ok: false; reason: 'wrongCredentials' | 'busy' | 'weakPassword' }
  | { ok: false; reason: 'locked'; minutes: number }

export interface SignIn {
  signIn(attempt: SignInAttempt & { password: string }): Promise<SignInResult>
  /** Sets the password by a one-time code and ends the member's sessions. */
  activate(attempt: SignInAttempt & { code: string; password: string }): Promise<SignInResult>
}

interface Dependencies {
  readonly database: Database
  readonly passwords: Passwords
  readonly delays: SignInDelays
}

const wrongCredentials = { ok: false, reason: 'wrongCredentials' } as const
/** Compared with when there is no code, so that it takes as long. */
const noCode = Buffer.alloc(32)

export function createSignIn({ database, passwords, delays }: Dependencies): SignIn {
  async function useCode(memberId: string, activationHash: Uint8Array, password: string): Promise<boolean> {
    const passwordHash = await passwords.hash(password)
    return await database.transaction(async tx => {
      if (!(await setPassword(tx, { memberId, activationHash, passwordHash }))) return false
      await tx.query('delete from session where member_id = $1', [memberId])
      await tx.query("insert into audit (actor, action, subject) values ($1, 'account.activated', $2)", [
        `member:${memberId}`,
        memberId,
      ])
      return true
    })
  }

  return {
    async signIn(attempt) {
      const wait = await delays.begin(attempt)
      if (wait > 0) return locked(wait)
      const account = await findAccount(database, attempt.ppr)
      const verdict = await passwords.verify(attempt.password, account?.passwordHash)
      if (verdict === 'busy') {
        await delays.takeBack(attempt)
        return { ok: false, reason: 'busy' }
      }
      if (verdict === 'wrong' || !account) return wrongCredentials
      await delays.succeed(attempt)
      return { ok: true, memberId: account.memberId }
    },
    async activate(attempt) {
      if (!isStrongPassword(attempt.password, attempt)) return { ok: false, reason: 'weakPassword' }
      const wait = await delays.begin(attempt)
      if (wait > 0) return locked(wait)
      const account = await findAccount(database, attempt.ppr)
      const typed = hashActivationCode(attempt.code)
      const expected = account?.activationHash
      const matches = timingSafeEqual(typed ?? noCode, expected ?? noCode)
      if (!matches || !typed || !expected || !account) return wrongCredentials
      if (!(await useCode(account.memberId, expected, attempt.password))) return wrongCredentials
      await delays.succeed(attempt)
      return { ok: true, memberId: account.memberId }
    },
  }
}

function locked(waitMs: number): SignInResult {
  return { ok: false, reason: 'locked', minutes: Math.ceil(waitMs / 60_000) }
}
