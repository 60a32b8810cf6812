import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { createFairQueue } from '../../../services/accounts/fair-queue.ts'
import { isStrongPassword } from '../../../services/accounts/password-policy.ts'
import { createPasswords } from '../../../services/accounts/passwords.ts'

const cheap = { cost: { N: 2 ** 10, r: 8, p: 1 } }

describe('a stored password', () => {
  const passwords = createPasswords(cheap)

  it('opens to the same words, however the keyboard composed them', async () => {
    const stored = await passwords.hash('été à Fès 2026')
    assert.equal(await passwords.verify('été à Fès 2026'.normalize('NFD'), stored), 'right')
    assert.equal(await passwords.verify('ete a Fes 2026', stored), 'wrong')
    assert.equal(await passwords.verify('', stored), 'wrong')
  })

  it('differs for two members with the same one, and says with which cost it was made', async () => {
    const [one, other] = await Promise.all([passwords.hash('la même phrase'), passwords.hash('la même phrase')])
    assert.notEqual(one, other)
    assert.match(one, /^scrypt\$1024\$8\$1\$/)
    assert.equal(await createPasswords().verify('la même phrase', one), 'right', 'after the cost was raised')
  })

  it('costs what is counted as sound today', async () => {
    assert.match(await createPasswords().hash('x'), /^scrypt\$32768\$8\$3\$/)
  })
})

describe('somebody who tries out which accounts exist', () => {
  it('waits as long for one that does not as for one that does', async () => {
    const passwords = createPasswords({ cost: { N: 2 ** 13, r: 8, p: 1 } })
    const stored = await passwords.hash('a long enough password')
    const time = async (hash: string | undefined) => {
      const started = performance.now()
      assert.equal(await passwords.verify('a guess', hash), 'wrong')
      return performance.now() - started
    }
    const known: number[] = []
    const unknown: number[] = []
    for (let round = 0; round < 25; round++) {
      known.push(await time(stored))
      unknown.push(await time(undefined))
    }
    const median = (times: number[]) => times.toSorted((a, b) => a - b)[12] ?? 0
    const ratio = median(unknown) / median(known)
    assert.ok(ratio > 0.7 && ratio < 1.4, `unknown / known = ${ratio.toFixed(2)}`)
  })

  it('is never let in without an account, not even by the password of the stand-in', async () => {
    const passwords = createPasswords(cheap)
    for (const guess of ['', '\0', 'demo']) assert.equal(await passwords.verify(guess, undefined), 'wrong')
  })
})

describe('many sign-ins at once', () => {
  it('leave the others their event loop and their files, and the last are told to try again', async () => {
    const passwords = createPasswords({ cost: { N: 2 ** 13, r: 8, p: 1 } })
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const verdicts = Array.from({ length: 100 }, async () => await passwords.verify('guess', undefined))
    const started = performance.now()
    await readFile(new URL(import.meta.url))
    const fileRead = performance.now() - started
    const answers = await Promise.all(verdicts)
    const all = performance.now() - started
    delay.disable()
    assert.ok(fileRead < all / 4, `a file took ${fileRead} ms of ${all}`)
    assert.ok(delay.percentile(90) / 1e6 < 100, 'the event loop stood still')
    assert.equal(answers.filter(answer => answer === 'busy').length, 100 - 2 - 64)
    assert.equal(await passwords.verify('guess', undefined), 'wrong', 'and then it goes on')
  })
})

describe('a flood of guesses', () => {
  const lane = (name: string) => ({ first: false, lane: name }) as const
  /** Work that ends when told, and in which order it began. */
  function openQueue(mostWaiting: number) {
    const queue = createFairQueue({ atOnce: 1, mostWaiting })
    const begun: string[] = []
    const started: (() => void)[] = []
    const work = (name: string) => () => {
      begun.push(name)
      return new Promise<string>(resolve => started.push(() => resolve(name)))
    }
    async function finish(): Promise<void> {
      for (let end = started.shift(); end; end = started.shift()) {
        end()
        await setImmediate()
      }
    }
    return { queue, begun, work, finish }
  }

  it('comes after whoever is known, and takes turns with other addresses', async () => {
    const { queue, begun, work, finish } = openQueue(64)
    const all = ['flood 0', 'flood 1', 'flood 2', 'flood 3'].map(name => queue.unlessFull(work(name), lane('flood')))
    all.push(queue.unlessFull(work('other'), lane('other')), queue.unlessFull(work('known'), { first: true }))
    await finish()
    await Promise.all(all)
    assert.deepEqual(begun, ['flood 0', 'known', 'flood 1', 'other', 'flood 2', 'flood 3'])
  })

  it('is the one that is told to try again when the queue is full', async () => {
    const { queue, begun, work, finish } = openQueue(4)
    const flood = ['0', '1', '2', '3', '4', '5'].map(name => queue.unlessFull(work(name), lane('flood')))
    const others = ['a', 'b'].map(name => queue.unlessFull(work(name), lane(name)))
    await finish()
    assert.deepEqual(await Promise.all(others), ['a', 'b'])
    assert.deepEqual(await Promise.all(flood), ['0', '1', '2', undefined, undefined, undefined])
    assert.deepEqual(begun, ['0', '1', 'a', 'b', '2'])
  })
})

describe('a new password', () => {
  const of = (password: string) => isStrongPassword(password, { ppr: '1000001' })

  it('is taken when it is long enough and not what everybody would guess', () => {
    for (const good of ['une phrase simple', 'جملة سرية طويلة', 'Tr0ub4dor&3x', 'correcthorse', 'x1000001-y!7qz'])
      assert.equal(of(good), true, good)
  })

  it('is refused otherwise', () => {
    const bad = [
      '',
      'demo',
      'neuf car.',
      'aaaaaaaaaaaa',
      '0123456789',
      '9876543210',
      'motdepasse123',
      'Azerty2026!',
      '1000001000',
      'password!!',
      'abababababab',
      'x'.repeat(129),
    ]
    for (const password of bad) assert.equal(of(password), false, password)
  })

  it('counts letters as they are read: ten composed ones, not ten bytes', () => {
    assert.equal(of('éèàùçéèàùç'), true)
    assert.equal(of('éèàùçéè'.normalize('NFD')), false)
  })
})
