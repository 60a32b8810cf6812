import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
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
  let port = 0
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
    port = Number(/"port":(\d+)/.exec(await readFile(join(dataDir, 'operator.json'), 'utf8'))?.[1])
  })
  after(async () => {
    await door.close()
    await accounts.close()
    await rm(dataDir, { recursive: true })
  })

  it('cannot read the secret', async () => {
    if (process.platform !== 'win32') assert.equal((await stat(join(dataDir, 'operator.json'))).mode & 0o777, 0o600)
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
      const { text, closed } = await sendRaw(port, bytes, 3_000)
      assert.equal(closed, true, bytes.slice(0, 20))
      assert.match(text, /^{"nonce":"[\w-]{43}"}\n$/)
    }
  })

  it('is cut off when they say nothing', async () => {
    const { after: milliseconds, closed } = await sendRaw(port, '', 9_000)
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
