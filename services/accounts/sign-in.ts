import { timingSafeEqual } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '../storage/database.ts'
import { type Account, findAccount, setPassword } from './account-store.ts'
import { hashActivationCode } from './activation-code.ts'
import type { Device, KnownDevices } from './known-devices.ts'
import { isStrongPassword } from './password-policy.ts'
import type { Passwords } from './passwords.ts'
import type { Begun, SignInAttempt, SignInDelays } from './sign-in-delays.ts'

/** `wrongCredentials` says the same for a PPR that does not exist, is not activated, or has another password. */
export type SignInResult =
  | { ok: true; memberId: string }
  | { ok: false; reason: 'wrongCredentials' | 'weakPassword' }
  | { ok: false; reason: 'busy'; seconds: number }
  /** Open to known devices only, and by an activation code; to others again in so many hours. */
  | { ok: false; reason: 'knownDevicesOnly'; hours: number }

export interface SignIn {
  /** @param attempt `device`: the browser that asks, as its cookie tells */
  signIn(attempt: SignInAttempt & { password: string; device?: Device | undefined }): Promise<SignInResult>
  /** Sets the password by a one-time code, ends the member's sessions, and opens the account to new devices. */
  activate(attempt: { ppr: string; code: string; password: string }): Promise<SignInResult>
}

interface Dependencies {
  readonly database: Database
  readonly passwords: Passwords
  readonly delays: SignInDelays
  readonly devices: Pick<KnownDevices, 'knows'>
  /** Lets so many milliseconds pass; another only in tests. */
  readonly hold?: (milliseconds: number) => Promise<unknown>
}

const wrongCredentials = { ok: false, reason: 'wrongCredentials' } as const
const busy = { ok: false, reason: 'busy', seconds: 5 } as const
/** Compared with when there is no code, so that it takes as long. */
const noCode = Buffer.alloc(32)
/** Answers held back at once by an instance, each for five seconds at most. */
const MOST_HELD = 500

const HOUR_MS = 60 * 60 * 1000

export function createSignIn({ database, passwords, delays, devices, hold = wait }: Dependencies): SignIn {
  let held = 0

  /** @returns false when too many are held back already */
  async function isHeld(milliseconds: number): Promise<boolean> {
    if (milliseconds === 0) return true
    if (held >= MOST_HELD) return false
    held++
    try {
      await hold(milliseconds)
      return true
    } finally {
      held--
    }
  }

  async function verify(
    { password, address }: { password: string; address: string },
    account: Account | undefined,
    begun: Extract<Begun, { open: true }>,
  ): Promise<SignInResult> {
    const turn = begun.first ? ({ first: true } as const) : ({ first: false, lane: address } as const)
    const verdict = (await isHeld(begun.waitMs))
      ? await passwords.verify(password, account?.passwordHash, turn)
      : ('busy' as const)
    if (verdict === 'busy') {
      await begun.takeBack()
      return busy
    }
    if (verdict === 'wrong' || !account) return wrongCredentials
    await begun.succeed()
    return { ok: true, memberId: account.memberId }
  }

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
      const account = await findAccount(database, attempt.ppr)
      const begun = await delays.begin(attempt, knownDevice(attempt.device, account))
      if (!begun.open) return { ok: false, reason: 'knownDevicesOnly', hours: Math.ceil(begun.closedMs / HOUR_MS) }
      return await verify(attempt, account, begun)
    },
    // No failures are counted: nobody guesses 128 bits, and whoever has the code must get in when the account is closed.
    async activate({ ppr, code, password }) {
      if (!isStrongPassword(password, { ppr })) return { ok: false, reason: 'weakPassword' }
      const account = await findAccount(database, ppr)
      const typed = hashActivationCode(code)
      const expected = account?.activationHash
      const matches = timingSafeEqual(typed ?? noCode, expected ?? noCode)
      if (!matches || !typed || !expected || !account) return wrongCredentials
      if (!(await useCode(account.memberId, expected, password))) return wrongCredentials
      await delays.unlock(ppr)
      return { ok: true, memberId: account.memberId }
    },
  }

  function knownDevice(device: Device | undefined, account: Account | undefined): string | undefined {
    if (!device || !account || !devices.knows(device, account.memberId)) return undefined
    return `${device.id} ${account.memberId}`
  }
}
