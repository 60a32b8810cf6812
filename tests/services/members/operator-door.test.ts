import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { z } from 'zod'
import { reachRunningServer } from '../../../bot/operator/operator-client.ts'
import { type OperatorDoor, openOperatorDoor } from '../../../bot/operator/operator-door.ts'
import { createKeyring, generateSecretKey } from '../../../services/keys/keyring.ts'
import { createKeyRotation } from '../../../services/rotation/key-rotation.ts'
import { type Accounts, openAccounts } from '../../support/accounts.ts'
import { openProactive } from '../../support/proactive.ts'
import { sendRaw } from '../../support/portal.ts'
import { silentLog } from '../../support/silent-log.ts'

describe('somebody on the same machine who is not the operator', () => {
  let accounts: Accounts
  let door: OperatorDoor
  let dataDir = ''
  let socket = ''
  before(async () => {
    accounts = await openAccounts()
    dataDir = await mkdtemp(join(tmpdir(), 'moussaada-door-'))
    const { registerImport, database, unlock: accountUnlock } = accounts
    door = await openOperatorDoor({
      dataDir,
      registerImport,
      accountUnlock,
      keyRotation: createKeyRotation({ database, keyring: createKeyring(generateSecretKey()) }),
      ...openProactive(database),
      log: silentLog,
    })
    socket = z
      .object({ path: z.string() })
      .parse(JSON.parse(await readFile(join(dataDir, 'operator.json'), 'utf8'))).path
  })
  after(async () => {
    await door.close()
    await accounts.close()
    await rm(dataDir, { recursive: true })
  })

  it('cannot read the secret', async () => {
    if (process.platform !== 'win32') assert.equal((await stat(join(dataDir, 'operator.json'))).mode & 0o777, 0o600)
  })

  it('cannot connect, and so keep nobody out', async () => {
    if (process.platform === 'win32') return
    assert.equal((await stat(socket)).mode & 0o777, 0o600)
    assert.equal(socket, join(dataDir, 'operator.sock'))
  })

  it('cannot either where the path of the data is too long for a socket', async () => {
    const long = await mkdtemp(join(tmpdir(), `moussaada-${'long'.repeat(25)}-`))
    const { registerImport, database, unlock: accountUnlock } = accounts
    const keyRotation = createKeyRotation({ database, keyring: createKeyring(generateSecretKey()) })
    const parts = { registerImport, accountUnlock, keyRotation, ...openProactive(database), log: silentLog }
    const other = await openOperatorDoor({ dataDir: long, ...parts })
    const reached = await reachRunningServer(long)
    assert.equal(await reached?.accountUnlock.run('424242'), false)
    reached?.close()
    await other.close()
    await rm(long, { recursive: true })
  })

  it('is cut off whatever they say', async () => {
    const proof = 'A'.repeat(43)
    const command = JSON.stringify({ command: 'members.import', file: 'cHBy', replaceDemo: true, newCodes: true })
    const tries = [
      'POST / HTTP/1.1\r\nHost: localhost\r\n\r\n',
      `${JSON.stringify({ nonce: proof, proof })}\n${command}\n`,
      `${command}\n`,
      'null\n',
      'x'.repeat(100_000),
    ]
    for (const bytes of tries) {
      const { text, closed } = await sendRaw(socket, bytes, 3_000)
      assert.equal(closed, true, bytes.slice(0, 20))
      assert.match(text, /^{"nonce":"[\w-]{43}"}\n$/)
    }
  })

  it('is cut off when they say nothing', async () => {
    const { after: milliseconds, closed } = await sendRaw(socket, '', 9_000)
    assert.equal(closed, true)
    assert.ok(milliseconds < 8_000)
  })

  it('leaves the operator in', async () => {
    const reached = await reachRunningServer(dataDir)
    const result = await reached?.registerImport.run(
      Buffer.from('ppr;lien;nom;rib\n1;adherent;A B;'),
      { replaceDemo: false, newCodes: false },
      async () => undefined,
    )
    assert.equal(result?.ok, true)
    reached?.close()
  })

  it('loses an import whose command dies before the codes are kept, and nobody is left half in', async () => {
    const reached = await reachRunningServer(dataDir)
    const run = reached?.registerImport.run(
      Buffer.from('ppr;lien;nom;rib\n2;adherent;A B;'),
      { replaceDemo: false, newCodes: false },
      async () => {
        reached.close()
        await Promise.resolve()
      },
    )
    await assert.rejects(run ?? Promise.resolve(), { code: 'operator.broken' })
    assert.equal(await accounts.members.findByPpr('2'), undefined)
  })
})
