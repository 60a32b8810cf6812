import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createClamd } from '../../../services/documents/virus-scan/clamd.ts'
import { eicar, startFakeClamd, type Behaviour, type FakeClamd } from '../../support/fake-clamd.ts'
import { pieces } from '../../support/pieces.ts'
import { silentLog } from '../../support/silent-log.ts'

describe('an operator who lets ClamAV look at files', { timeout: 60_000 }, () => {
  let clamd: FakeClamd
  const limits = { connect: 500, scan: 500 }
  const scan = (bytes: Uint8Array) => createClamd({ url: clamd.url, log: silentLog, limits }).scan(pieces(bytes))

  before(async () => {
    clamd = await startFakeClamd()
  })
  beforeEach(() => {
    clamd.behaviour = 'scans'
  })
  after(() => clamd.close())

  it('has it shown every byte, in pieces, and believes its yes', async () => {
    for (const size of [0, 1, 256 * 1024, 3 * 1024 * 1024 + 7]) {
      const file = randomBytes(size)
      assert.equal(await scan(file), 'clean')
      assert.deepEqual(clamd.shown.at(-1), file)
    }
  })

  it('hears of what it finds', async () => {
    assert.equal(await scan(Buffer.from(`%PDF-1.7 ${eicar}`)), 'infected')
  })

  it('does not count as clean what was too much for it to look at', async () => {
    assert.equal(await scan(Buffer.from('%PDF-1.7 LIMITS-EXCEEDED')), 'tooComplex')
  })

  for (const behaviour of ['hangs', 'refuses size', 'breaks off', 'talks nonsense'] satisfies Behaviour[])
    it(`takes no answer for a yes: it ${behaviour}`, async () => {
      clamd.behaviour = behaviour
      assert.equal(await scan(randomBytes(2 * 1024 * 1024)), 'unavailable')
    })

  it('takes no answer for a yes: nobody is there', async () => {
    const gone = await startFakeClamd()
    await gone.close()
    const scanner = createClamd({ url: gone.url, log: silentLog, limits })
    assert.equal(await scanner.scan(pieces(randomBytes(10))), 'unavailable')
  })

  it('hears of a store that breaks as what it is', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield randomBytes(10)
      throw new RangeError('the store broke')
    }
    const scanner = createClamd({ url: clamd.url, log: silentLog, limits })
    await assert.rejects(scanner.scan(broken()), RangeError)
  })
})
