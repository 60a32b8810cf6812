import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type OperatorDoor, openOperatorDoor } from '../../../bot/operator/operator-door.ts'
import { createKeyring } from '../../../services/keys/keyring.ts'
import { loadOrCreateSecretKey } from '../../../services/keys/secret-key-file.ts'
import { createMemberStore, type MemberStore } from '../../../services/members/member-store.ts'
import { createKeyRotation } from '../../../services/rotation/key-rotation.ts'
import { createRegisterImport } from '../../../services/members/register-import.ts'
import { openEmbeddedStorage } from '../../../services/storage/embedded-storage.ts'
import type { Storage } from '../../../services/storage/storage.ts'
import { copyTemplate } from '../../support/fresh-database.ts'
import { openProactive } from '../../support/proactive.ts'
import { silentLog } from '../../support/silent-log.ts'

const script = fileURLToPath(new URL('../../../scripts/import-members.ts', import.meta.url))
const rib = '190 170 2111103742260015 07'

interface Running {
  readonly storage: Storage
  readonly members: MemberStore
  readonly door: OperatorDoor
}

/** The part of the server that the command meets. */
async function startServer(dataDir: string): Promise<Running> {
  const storage = await openEmbeddedStorage({ dataDir, log: silentLog })
  const { database } = storage
  const keyring = createKeyring(await loadOrCreateSecretKey(dataDir))
  const registerImport = createRegisterImport({ database, keyring, newId: randomUUID, now: () => new Date() })
  const door = await openOperatorDoor({
    dataDir,
    registerImport,
    accountUnlock: { run: () => Promise.resolve(false) },
    keyRotation: createKeyRotation({ database, keyring }),
    ...openProactive(database),
    log: silentLog,
  })
  return { storage, members: createMemberStore({ database, keyring }), door }
}

async function stopServer({ door, storage }: Running): Promise<void> {
  await door.close()
  await storage.close()
}

let dataDir = ''
before(async () => (dataDir = await copyTemplate()))
after(async () => await rm(dataDir, { recursive: true }))

const path = (name: string) => join(dataDir, name)

async function importFile(lines: readonly string[], args: readonly string[] = [], env: Record<string, string> = {}) {
  await writeFile(path('register.csv'), `\ufeffppr;lien;nom;rib\r\n${lines.join('\r\n')}`)
  const child = spawn(process.execPath, [script, 'register.csv', ...args], {
    cwd: dataDir,
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, LANG: 'fr_MA.UTF-8', ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += String(chunk)))
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { code, output }
}

describe('an operator while the server runs', () => {
  let running: Running
  before(async () => (running = await startServer(dataDir)))
  after(async () => await stopServer(running))

  it('imports through it, and finds the codes in a file of their own', async () => {
    const { code, output } = await importFile(
      [`1;adherent;Ali Alami;${rib}`, '1;enfant;سارة;'],
      ['--codes', 'codes.csv'],
    )
    assert.equal(code, 0, output)
    assert.match(output, /Adhérents ajoutés : 1\. Adhérents mis à jour : 0\./)
    const ali = await running.members.findByPpr('1')
    assert.deepEqual([ali?.name, ali?.rib, ali?.relatives[0]?.name], ['Ali Alami', '190170211110374226001507', 'سارة'])
    const codes = await readFile(path('codes.csv'), 'utf8')
    assert.match(codes, /^ppr;code\r\n1;[0-9A-Z-]{32}\r\n$/)
    if (process.platform !== 'win32') assert.equal((await stat(path('codes.csv'))).mode & 0o777, 0o600)
    assert.ok(!output.includes(codes.slice(12, 20)), 'and not on the screen')
  })

  it('sees every mistake with its line, in French or in Arabic, and none of what it was in', async () => {
    const lines = ['2;adherent;Karim Secret;123', 'x;cousin;=cmd;']
    const french = await importFile(lines)
    assert.equal(french.code, 1)
    assert.match(french.output, /Ligne 2, colonne « rib » : le RIB doit contenir 24 chiffres\./)
    assert.match(french.output, /Ligne 3, colonne « ppr »/)
    assert.match(french.output, /Points à corriger : 4\./)
    const arabic = await importFile(lines, [], { LANG: 'ar_MA.UTF-8' })
    assert.match(arabic.output, /السطر/)
    for (const { output } of [french, arabic]) assert.doesNotMatch(output, /Karim|=cmd|cousin/)
    assert.equal(await running.members.findByPpr('2'), undefined)
  })

  it('never writes over a file of codes', async () => {
    await writeFile(path('precious.csv'), 'precious')
    const { code, output } = await importFile(['3;adherent;New Person;'], ['--codes', 'precious.csv'])
    assert.equal(code, 1)
    assert.match(output, /existe déjà/)
    assert.equal(await readFile(path('precious.csv'), 'utf8'), 'precious')
    assert.equal(await running.members.findByPpr('3'), undefined)
  })

  it('imports nothing when the codes cannot be written', async () => {
    const { code, output } = await importFile(['3;adherent;New Person;'], ['--codes', 'no/such/folder.csv'])
    assert.equal(code, 1)
    assert.match(output, /n'ont pas pu être écrits/)
    assert.equal(await running.members.findByPpr('3'), undefined)
  })

  it('may leave npm the flags', async () => {
    const { output } = await importFile([`1;adherent;Ali Alami;${rib}`], ['--codes', 'again.csv'], {
      npm_config_new_codes: 'true',
    })
    assert.match(output, /mis à jour : 1\.\nCodes d'activation : 1,/)
  })

  it('is told how to call it', async () => {
    for (const args of [['two.csv'], ['--unknown']]) assert.deepEqual((await importFile([], args)).code, 2)
  })
})

describe('an operator while no server runs', () => {
  it('imports all the same', async () => {
    const { code, output } = await importFile(['4;adherent;Offline Person;'])
    assert.equal(code, 0, output)
    const codes = (await readdir(dataDir)).filter(name => /^activation-codes-[\d-]+\.csv$/.test(name))
    assert.equal(codes.length, 1)
    const running = await startServer(dataDir)
    assert.equal((await running.members.findByPpr('4'))?.name, 'Offline Person')
    await stopServer(running)
  })

  it('is not misled by what a killed server left behind, and hands the register to nobody else', async () => {
    const heard: string[] = []
    const stranger = createServer(socket => {
      socket.write(`{"nonce":"${'A'.repeat(43)}"}\n`)
      socket
        .on('error', () => undefined)
        .on('data', chunk => {
          heard.push(String(chunk))
          socket.write(`{"proof":"${'A'.repeat(43)}"}\n`)
        })
    })
    const theirs = path('stranger.sock')
    await new Promise<void>(resolve => stranger.listen(theirs, resolve))
    await writeFile(path('operator.json'), JSON.stringify({ path: theirs, secret: 'S'.repeat(43) }))
    const { code, output } = await importFile(['5;adherent;After Crash;'], ['--codes', 'crash.csv'])
    stranger.close()
    assert.equal(code, 0, output)
    assert.equal(heard.length, 1)
    assert.doesNotMatch(heard.join(), /members\.import|SSSS/)
  })

  it('is told when the data are in use by a server that does not answer', async () => {
    const storage = await openEmbeddedStorage({ dataDir, log: silentLog })
    const { code, output } = await importFile(['6;adherent;Nobody Here;'])
    await storage.close()
    assert.equal(code, 1)
    assert.match(output, /utilisées par un serveur qui ne répond pas/)
  })
})
