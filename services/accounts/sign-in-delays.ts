import { keyedHash } from '../keys/keyed-hash.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { Database } from '../storage/database.ts'
import { createFailureCounts, type Forgetting } from './failure-counts.ts'

/** Who tries, and from where. None of it is stored: a keyed hash of each is. */
export interface SignInAttempt {
  readonly ppr: string
  readonly address: string
}

/** `devices`: the account is open to known devices only, for so many milliseconds more. */
export type Begun =
  | {
      readonly open: true
      /** Milliseconds for which the answer is held back; none of them are spent on work. */
      readonly waitMs: number
      /** From a known device: its check comes before those of strangers. */
      readonly first: boolean
      succeed(): Promise<void>
      /** The attempt came to nothing by no fault of whoever made it. */
      takeBack(): Promise<void>
    }
  | { readonly open: false; readonly closedMs: number }

/** See docs/decisions: the attacks, and what each of these limits is against. */
export interface SignInDelays {
  /**
   * Counts the attempt as a failure before the password is looked at, so that guesses sent together are counted one by
   * one; `succeed` and `takeBack` undo it.
   * @param device of the member and known to be theirs: such failures count for it alone
   */
  begin(attempt: SignInAttempt, device?: string): Promise<Begun>
  /** The account is open to new devices again. */
  unlock(ppr: string): Promise<void>
  /** Removes what no longer counts. */
  sweep(): Promise<number>
}

const MINUTE_MS = 60 * 1000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Failures a day on one account from devices that are not known to it; then it is open to known ones only. */
const OF_ACCOUNT = 100
const ofAccount: Forgetting = { by: 'window', milliseconds: DAY_MS }
/** Failures a day from one known device; then it counts as any other. A stolen cookie guesses no more than that. */
const OF_DEVICE = 20
const ofDevice: Forgetting = { by: 'window', milliseconds: DAY_MS }

/** One address on one account, in milliseconds by failures. */
const waitsOfPair = [0, 0, 0, 0, 0, 1_000, 2_000, 3_000, 4_000, 5_000]
const LONGEST_MS = 5_000
const ofPair: Forgetting = { by: 'leak', milliseconds: 2 * MINUTE_MS, most: waitsOfPair.length }

/** A whole ministry may share one address: a hundred slips within ten minutes cost nobody anything. */
const FREE_OF_ADDRESS = 100
/** Each further one holds the next ones back for so long more. */
const STEP_OF_ADDRESS_MS = 25
const ofAddress: Forgetting = {
  by: 'leak',
  milliseconds: 6_000,
  most: FREE_OF_ADDRESS + LONGEST_MS / STEP_OF_ADDRESS_MS,
}

/** @param before failures that came before this one */
const waitOfPair = (before: number): number => waitsOfPair[Math.floor(before)] ?? LONGEST_MS
const waitOfAddress = (before: number): number =>
  Math.min(LONGEST_MS, Math.max(0, before - FREE_OF_ADDRESS) * STEP_OF_ADDRESS_MS)

export function createSignInDelays(deps: { database: Database; keyring: Keyring; now: () => Date }): SignInDelays {
  const { keyring, now } = deps
  const counts = createFailureCounts(deps)
  const subject = (...parts: string[]) => keyedHash(keyring, 'sign-in', parts.join(' '))
  const accountOf = (ppr: string) => subject('account', ppr)

  async function beginKnown(device: string): Promise<Begun | undefined> {
    const of = subject('device', device)
    const { failures } = await counts.add(of, ofDevice)
    if (failures > OF_DEVICE) return undefined
    const waitMs = waitOfPair(failures - 1)
    return { open: true, first: true, waitMs, succeed: () => counts.forget(of), takeBack: () => counts.takeBack(of) }
  }

  async function beginUnknown({ ppr, address }: SignInAttempt): Promise<Begun> {
    const of = { account: accountOf(ppr), pair: subject('pair', address, ppr), address: subject('address', address) }
    const account = await counts.add(of.account, ofAccount)
    if (account.failures > OF_ACCOUNT) return { open: false, closedMs: account.at.getTime() + DAY_MS - now().getTime() }
    const [pair, place] = await Promise.all([counts.add(of.pair, ofPair), counts.add(of.address, ofAddress)])
    const takeBackShared = async () => {
      await Promise.all([counts.takeBack(of.account), counts.takeBack(of.address)])
    }
    return {
      open: true,
      first: false,
      waitMs: Math.max(waitOfPair(pair.failures - 1), waitOfAddress(place.failures - 1)),
      // The account's own failures stay: whoever made them may still be trying.
      succeed: async () => void (await Promise.all([takeBackShared(), counts.forget(of.pair)])),
      takeBack: async () => void (await Promise.all([takeBackShared(), counts.takeBack(of.pair)])),
    }
  }

  return {
    begin: async (attempt, device) =>
      (device === undefined ? undefined : await beginKnown(device)) ?? (await beginUnknown(attempt)),
    unlock: ppr => counts.forget(accountOf(ppr)),
    sweep: () => counts.sweep(new Date(now().getTime() - DAY_MS)),
  }
}
