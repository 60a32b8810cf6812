import { z } from 'zod'
import { keyedHash } from '../keys/keyed-hash.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { Database } from '../storage/database.ts'

/** Who tries, and from where. Neither is stored: a keyed hash of each is. */
export interface SignInAttempt {
  readonly ppr: string
  readonly address: string
}

export interface SignInDelays {
  /**
   * Counts the attempt as a failure before the password is looked at, so that guesses sent together are counted one by
   * one; {@link succeed} or {@link takeBack} undo it. An attempt that must wait is not counted.
   * @returns milliseconds to wait, 0 when it may go on
   */
  begin(attempt: SignInAttempt): Promise<number>
  succeed(attempt: SignInAttempt): Promise<void>
  /** The attempt came to nothing by no fault of whoever made it. */
  takeBack(attempt: SignInAttempt): Promise<void>
  /** Removes what no longer counts. */
  sweep(): Promise<number>
}

interface Policy {
  /** With so many failures the next attempt waits a minute, and with each further one twice as long, up to 15. */
  readonly free: number
  /** Failures count no longer once the last one is so old. */
  readonly forgottenAfterMs: number
}

const account: Policy = { free: 5, forgottenAfterMs: 24 * 60 * 60 * 1000 }
/** A whole ministry may share one address. */
const address: Policy = { free: 50, forgottenAfterMs: 60 * 60 * 1000 }

/** `$3` is the policy's `free`. */
const endOfDelay = 'f.failed_at + make_interval(mins => least(15, power(2, least(f.failures - $3::int, 4)))::int)'

const countUnlessDelayed = `
  insert into sign_in_failure as f (subject, failures, failed_at) values ($1, 1, $2)
  on conflict (subject) do update
    set failures = case when f.failed_at <= $4 then 1 else f.failures + 1 end, failed_at = $2
    where f.failures < $3::int or ${endOfDelay} <= $2
  returning failures`

const delayLeft = `
  select (extract(epoch from ${endOfDelay} - $2::timestamptz) * 1000)::float8 as wait
    from sign_in_failure f where subject = $1`

export function createSignInDelays(deps: { database: Database; keyring: Keyring; now: () => Date }): SignInDelays {
  const { database, keyring, now } = deps
  const subjects = (attempt: SignInAttempt) => ({
    account: keyedHash(keyring, 'sign-in', `account:${attempt.ppr}`),
    address: keyedHash(keyring, 'sign-in', `address:${attempt.address}`),
  })

  async function count(subject: Buffer, { free, forgottenAfterMs }: Policy): Promise<number> {
    const at = now()
    const forgotten = new Date(at.getTime() - forgottenAfterMs)
    const { rows } = await database.query(countUnlessDelayed, [subject, at, free, forgotten])
    if (rows.length > 0) return 0
    const { rows: delayed } = await database.query(delayLeft, [subject, at, free])
    return delayed[0] ? Math.max(1, z.object({ wait: z.number() }).parse(delayed[0]).wait) : 0
  }

  async function uncount(subject: Buffer): Promise<void> {
    await database.query('update sign_in_failure set failures = failures - 1 where subject = $1', [subject])
  }

  return {
    async begin(attempt) {
      const of = subjects(attempt)
      return (await count(of.address, address)) || (await count(of.account, account))
    },
    async succeed(attempt) {
      const of = subjects(attempt)
      await uncount(of.address)
      await database.query('delete from sign_in_failure where subject = $1', [of.account])
    },
    async takeBack(attempt) {
      const of = subjects(attempt)
      await uncount(of.address)
      await uncount(of.account)
    },
    async sweep() {
      const old = new Date(now().getTime() - account.forgottenAfterMs)
      return (await database.query('delete from sign_in_failure where failed_at <= $1 or failures < 1', [old])).count
    },
  }
}
