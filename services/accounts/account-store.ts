import { z } from 'zod'
import type { Queryable } from '../storage/database.ts'

/** What a member needs to sign in; nothing here leaves the accounts. */
export interface Account {
  readonly memberId: string
  /** None before the activation. */
  readonly passwordHash?: string
  /** SHA-256 of the one-time code; none once it is used. */
  readonly activationHash?: Uint8Array
}

const accountRow = z.object({
  id: z.uuid(),
  password_hash: z.string().nullable(),
  activation_hash: z.instanceof(Uint8Array).nullable(),
})

/** One who is disabled has no account. */
const selectAccount = 'select id, password_hash, activation_hash from member where ppr = $1 and disabled_at is null'

export async function findAccount(queryable: Queryable, ppr: string): Promise<Account | undefined> {
  const { rows } = await queryable.query(selectAccount, [ppr])
  if (!rows[0]) return undefined
  const { id, password_hash: passwordHash, activation_hash: activationHash } = accountRow.parse(rows[0])
  return {
    memberId: id,
    ...(passwordHash !== null && { passwordHash }),
    ...(activationHash !== null && { activationHash }),
  }
}

/** Uses up the code. @returns false when somebody else used it in the meantime */
export async function setPassword(
  queryable: Queryable,
  { memberId, activationHash, passwordHash }: Account & { passwordHash: string; activationHash: Uint8Array },
): Promise<boolean> {
  const { count } = await queryable.query(
    'update member set password_hash = $3, activation_hash = null where id = $1 and activation_hash = $2',
    [memberId, activationHash, passwordHash],
  )
  return count === 1
}
