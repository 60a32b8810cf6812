import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { AppError } from '../errors.ts'
import { createFairQueue, type Turn } from './fair-queue.ts'

export interface Passwords {
  /** @returns `scrypt$N$r$p$salt$hash`, base64url */
  hash(password: string): Promise<string>
  /**
   * Costs the same whether `stored` is a hash or undefined (no such account, or not yet activated).
   * @param turn whom it is for, when several wait
   * @returns `busy` when too many wait already: the caller asks to try again
   */
  verify(password: string, stored: string | undefined, turn?: Turn): Promise<'right' | 'wrong' | 'busy'>
}

interface Cost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** 32 MiB and three passes, which OWASP counts as equal to 128 MiB and one: a small machine stands two at once. */
const soundCost: Cost = { N: 2 ** 15, r: 8, p: 3 }
const saltBytes = 16
const hashBytes = 32
/** Node has four threads for files, names and compression too: two stay free for them. */
const AT_ONCE = 2
/** About ten seconds' worth; who comes later is better told to try again. */
const MOST_WAITING = 64

const storedShape = /^scrypt\$(?<N>\d{1,8})\$(?<r>\d{1,3})\$(?<p>\d{1,3})\$(?<salt>[\w-]+)\$(?<hash>[\w-]+)$/

/** @param cost less than the default only in tests */
export function createPasswords({ cost = soundCost }: { cost?: Cost } = {}): Passwords {
  const queue = createFairQueue({ atOnce: AT_ONCE, mostWaiting: MOST_WAITING })
  const nobody = write(cost, Buffer.alloc(saltBytes), Buffer.alloc(hashBytes))

  return {
    async hash(password) {
      const salt = randomBytes(saltBytes)
      const hash = await queue.always(() => derive(password, salt, cost))
      return write(cost, salt, hash)
    },
    async verify(password, stored, turn = { first: false, lane: '' }) {
      const { cost: storedCost, salt, hash } = read(stored ?? nobody)
      const found = await queue.unlessFull(() => derive(password, salt, storedCost), turn)
      if (!found) return 'busy'
      return timingSafeEqual(found, hash) && stored !== undefined ? 'right' : 'wrong'
    },
  }
}

/** One sequence of code points for a password, whatever the keyboard composes: é is one letter or two. */
function normalise(password: string): string {
  return password.normalize('NFKC')
}

function derive(password: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> {
  const options = { N, r, p, maxmem: 128 * N * r + 128 * r * p + 2 ** 20 }
  return new Promise((resolve, reject) => {
    scrypt(normalise(password), salt, hashBytes, options, (error, hash) => (error ? reject(error) : resolve(hash)))
  })
}

function write({ N, r, p }: Cost, salt: Buffer, hash: Buffer): string {
  return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

function read(stored: string): { cost: Cost; salt: Buffer; hash: Buffer } {
  const { N, r, p, salt, hash } = storedShape.exec(stored)?.groups ?? {}
  if (!N || !r || !p || !salt || !hash) throw new AppError('invariant', 'a stored password hash has no shape we know')
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  return { cost, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') }
}
