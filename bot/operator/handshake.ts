import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../services/errors.ts'
import type { Frames } from './frames.ts'

const limits = { bytes: 1024, milliseconds: 5_000 }
const nonce = z.base64url().length(43)
const proof = z.base64url().length(43)

const fresh = () => randomBytes(32).toString('base64url')

function prove(secret: string, side: 'server' | 'client', nonces: readonly [string, string]): string {
  return createHmac('sha256', secret)
    .update([side, ...nonces].join(' '))
    .digest('base64url')
}

function verify(given: string, expected: string): void {
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(expected)))
    throw new AppError('operator.broken', 'the other side does not know the secret')
}

/**
 * Each side proves that it knows the secret and neither says it: after a crash the port in the file may belong to
 * another program, which must not be handed the register.
 */
export async function greetClient(frames: Frames, secret: string): Promise<void> {
  const own = fresh()
  frames.send({ nonce: own })
  const answer = await frames.next(z.object({ nonce, proof }), limits)
  verify(answer.proof, prove(secret, 'client', [own, answer.nonce]))
  frames.send({ proof: prove(secret, 'server', [own, answer.nonce]) })
}

export async function greetServer(frames: Frames, secret: string): Promise<void> {
  const own = fresh()
  const greeting = await frames.next(z.object({ nonce }), limits)
  frames.send({ nonce: own, proof: prove(secret, 'client', [greeting.nonce, own]) })
  const answer = await frames.next(z.object({ proof }), limits)
  verify(answer.proof, prove(secret, 'server', [greeting.nonce, own]))
}
