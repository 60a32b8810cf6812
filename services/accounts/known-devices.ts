import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { Keyring } from '../keys/keyring.ts'
import { open, seal } from '../keys/seal.ts'

/** A browser keeps a cookie for 400 days at most; each sign-in begins them anew. */
export const DEVICE_MS = 400 * 24 * 60 * 60 * 1000
/** Members who share one PC; the one who has not signed in for longest is forgotten. */
const MOST_MEMBERS = 8
/** Characters; eight members take 800. */
const LONGEST_VALUE = 2_000

/** A browser in which somebody has signed in, as its cookie tells. */
export interface Device {
  readonly id: string
  readonly members: readonly { readonly id: string; readonly at: number }[]
}

export interface KnownDevices {
  /** @param value of the cookie. @returns undefined for what we did not seal, or under a key that is gone */
  read(value: string): Device | undefined
  /** Whether the member has signed in on the device within {@link DEVICE_MS}. */
  knows(device: Device, memberId: string): boolean
  /** @param device undefined: the browser had none yet. @returns the value of its cookie from now on */
  remember(device: Device | undefined, memberId: string): string
}

const claims = z.object({
  id: z.uuid(),
  members: z.array(z.object({ id: z.string(), at: z.number() })).max(MOST_MEMBERS),
})
const PURPOSE = 'device'

/** The value is sealed: whoever shares the PC cannot read from it who else uses it, nor add a member to it. */
export function createKnownDevices({ keyring, now }: { keyring: Keyring; now: () => Date }): KnownDevices {
  const sealing = { keyring, purpose: 'device' } as const

  return {
    read(value) {
      if (value.length > LONGEST_VALUE) return undefined
      try {
        return claims.parse(JSON.parse(open(sealing, Buffer.from(value, 'base64url'), PURPOSE).toString('utf8')))
      } catch (error) {
        if (error instanceof AppError) return undefined
        throw error
      }
    },
    knows: ({ members }, memberId) => members.some(({ id, at }) => id === memberId && at > now().getTime() - DEVICE_MS),
    remember(device, memberId) {
      const others = device?.members.filter(({ id }) => id !== memberId) ?? []
      const members = [{ id: memberId, at: now().getTime() }, ...others].slice(0, MOST_MEMBERS)
      const text = JSON.stringify({ id: device?.id ?? randomUUID(), members })
      return seal(sealing, Buffer.from(text, 'utf8'), PURPOSE).toString('base64url')
    },
  }
}
