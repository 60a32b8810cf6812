import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openOperatorDoor } from '../../../bot/operator/operator-door.ts'
import { createAccountUnlock } from '../../../services/accounts/account-unlock.ts'
import { createPasswords } from '../../../services/accounts/passwords.ts'
import { createSignInDelays } from '../../../services/accounts/sign-in-delays.ts'
import { createKeyring } from '../../../services/keys/keyring.ts'
import { loadOrCreateSecretKey } from '../../../services/keys/secret-key-file.ts'
import { seedDemoMembers } from '../../../services/members/demo-members.ts'
import { createRegisterImport } from '../../../services/members/register-import.ts'
import { createKeyRotation } from '../../../services/rotation/key-rotation.ts'
import { openEmbeddedStorage } from '../../../services/storage/embedded-storage.ts'
import { copyTemplate } from '../../support/fresh-database.ts'
import { openProactive } from '../../support/proactive.ts'
import { silentLog } from '../../support/silent-log.ts'

const script = fileURLToPath(new URL('../../../scripts/unlock-account.ts', import.meta.url))
const newId = randomUUID
const now = () => new Date()

let dataDir = ''
before(async () => (dataDir = await copyTemplate()))
after(async () => await rm(dataDir, { recursive: true }))

async function command(...args: string[]): Promise<{ code: number; said: string }> {
  const env = { PATH: process.env.PATH, DATA_DIR: dataDir, LANG: 'fr_FR.UTF-8' }
  return await new Promise(resolve => {
    const child = execFile(process.execPath, [script, ...args], { cwd: dataDir, env }, (_, said) =>
      resolve({ code: child.exitCode ?? -1, said: said.trim() }),
    )
  })
}

async function openData() {
  const storage = await openEmbeddedStorage({ dataDir, log: silentLog })
  const { database } = storage
  const keyring = createKeyring(await loadOrCreateSecretKey(dataDir))
  const delays = createSignInDelays({ database, keyring, now })
  const isOpen = async () => (await delays.begin({ ppr: '1000001', address: '192.0.2.1' })).open
  async function close(): Promise<void> {
    for (let failure = 0; failure <= 100; failure++) await isOpen()
    assert.equal(await isOpen(), false)
  }
  return { storage, database, keyring, delays, isOpen, close }
}

const done = "C'est fait : ce compte est de nouveau ouvert aux appareils qui n'y ont jamais servi."

describe('an operator whom a member calls, because strangers have closed their account', () => {
  it('opens it while the server is stopped', async () => {
    const before = await openData()
    const passwords = createPasswords({ cost: { N: 2 ** 10, r: 8, p: 1 } })
    await seedDemoMembers({ ...before, passwords, newId })
    await before.close()
    await before.storage.close()
    assert.deepEqual(await command('1000 001'), { code: 0, said: done })
    const after = await openData()
    assert.equal(await after.isOpen(), true)
    await after.storage.close()
  })

  it('opens it while the server runs, and is told of a wrong number', async () => {
    const { storage, database, keyring, delays, isOpen, close } = await openData()
    const door = await openOperatorDoor({
      dataDir,
      registerImport: createRegisterImport({ database, keyring, newId, now }),
      keyRotation: createKeyRotation({ database, keyring }),
      accountUnlock: createAccountUnlock({ database, delays }),
      ...openProactive(database),
      log: silentLog,
    })
    await close()
    assert.deepEqual(await command('1000001'), { code: 0, said: done })
    assert.equal(await isOpen(), true)
    const unknown = "Rien n'a été changé : aucun adhérent ne porte ce numéro de PPR."
    assert.deepEqual(await command('999'), { code: 1, said: unknown })
    for (const args of [[], ['x'], ['1', '2']]) assert.equal((await command(...args)).code, 2)
    await door.close()
    await storage.close()
  })
})
