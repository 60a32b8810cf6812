import type { Device } from '../../services/accounts/known-devices.ts'
import type { RateLimit, RateLimiter } from '../../services/storage/rate-limiter.ts'

/**
 * Requests to the pages that ask for a password, of every kind, unreadable ones too. One address may be a whole ministry
 * at half past eight; a flood from it does not count against the devices that are known there.
 */
const ofAddress: RateLimit = { name: 'sign-in.address', points: 240, seconds: 60 }
const ofDevice: RateLimit = { name: 'sign-in.device', points: 30, seconds: 60 }

/** How often a page asks who is signed in: at each load, and now and then while it is open. */
const askingOfAddress: RateLimit = { name: 'session.address', points: 1_200, seconds: 60 }
const askingOfDevice: RateLimit = { name: 'session.device', points: 240, seconds: 60 }

export interface Asking {
  readonly address: string
  readonly device: Device | undefined
}

/** The same before a session is looked for. */
export async function takeSession(rateLimiter: RateLimiter, { address, device }: Asking): Promise<number> {
  return device ? await rateLimiter.take(askingOfDevice, device.id) : await rateLimiter.take(askingOfAddress, address)
}

/** Before anything of the request is read. @returns milliseconds to wait, 0 when it may go on */
export async function takeSignIn(rateLimiter: RateLimiter, { address, device }: Asking): Promise<number> {
  return device ? await rateLimiter.take(ofDevice, device.id) : await rateLimiter.take(ofAddress, address)
}
