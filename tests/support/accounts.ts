import { randomUUID } from 'node:crypto'
import { createAccountUnlock } from '../../services/accounts/account-unlock.ts'
import { createKnownDevices } from '../../services/accounts/known-devices.ts'
import { createPasswords } from '../../services/accounts/passwords.ts'
import { createSessions } from '../../services/accounts/sessions.ts'
import { createSignInDelays } from '../../services/accounts/sign-in-delays.ts'
import { createSignIn } from '../../services/accounts/sign-in.ts'
import { createKeyring, generateSecretKey } from '../../services/keys/keyring.ts'
import { createMemberStore } from '../../services/members/member-store.ts'
import { createRegisterImport } from '../../services/members/register-import.ts'
import { createInProcessEventBus } from '../../services/storage/embedded/event-bus.ts'
import { openFreshDatabase } from './fresh-database.ts'

/** A clock that moves only when told. */
function createClock(start = '2026-11-24T09:00:00Z') {
  let at = Date.parse(start)
  return {
    now: () => new Date(at),
    advance: (step: { minutes?: number; hours?: number; days?: number }) => {
      at += (((step.days ?? 0) * 24 + (step.hours ?? 0)) * 60 + (step.minutes ?? 0)) * 60_000
    },
  }
}

/** The real parts over a database of one's own; passwords are cheaper to check than in production. */
export async function openAccounts() {
  const fresh = await openFreshDatabase()
  const { database } = fresh
  const keyring = createKeyring(generateSecretKey())
  const clock = createClock()
  const passwords = createPasswords({ cost: { N: 2 ** 10, r: 8, p: 1 } })
  const delays = createSignInDelays({ database, keyring, now: clock.now })
  const devices = createKnownDevices({ keyring, now: clock.now })
  const eventBus = createInProcessEventBus()
  /** Milliseconds for which answers were held back, in order; nobody waits for them here. */
  const held: number[] = []
  const hold = (milliseconds: number) => Promise.resolve(held.push(milliseconds))
  return {
    database,
    keyring,
    clock,
    passwords,
    delays,
    devices,
    held,
    unlock: createAccountUnlock({ database, delays }),
    eventBus,
    sessions: createSessions({ database, eventBus, now: clock.now }),
    signIn: createSignIn({ database, passwords, delays, devices, hold }),
    members: createMemberStore({ database, keyring }),
    registerImport: createRegisterImport({ database, keyring, newId: randomUUID, now: clock.now }),
    newId: randomUUID,
    close: async () => await fresh.close(),
  }
}

export type Accounts = Awaited<ReturnType<typeof openAccounts>>
