import { createHmac, createSign, type KeyObject } from 'node:crypto'

type Json = Readonly<Record<string, unknown>>

export const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/** A token with any header over any claims: no library signs what must not be. */
export function rawToken(header: Json, claims: Json, sign: (input: string) => string): string {
  const input = `${encoded(header)}.${encoded(claims)}`
  return `${input}.${sign(input)}`
}

export const byRsa =
  (key: KeyObject) =>
  (input: string): string =>
    createSign('sha256').update(input).sign(key, 'base64url')

export const byEc =
  (key: KeyObject) =>
  (input: string): string =>
    createSign('sha256').update(input).sign({ key, dsaEncoding: 'ieee-p1363' }, 'base64url')

export const byHmac =
  (secret: string | Buffer) =>
  (input: string): string =>
    createHmac('sha256', secret).update(input).digest('base64url')

export const unsigned = (): string => ''
