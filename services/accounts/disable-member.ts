import type { Transaction } from '../storage/database.ts'

interface Disabling {
  /** Who does it, as the audit names them. */
  readonly actor: string
  readonly now: () => Date
}

const untie = `
with untied as (delete from teams_account where member_id = $1 returning account)
update conversation set member_id = null
where id in (select conversation_id from teams_conversation where account in (select account from untied))`

/**
 * Ends a member's access: sign-in, activation, sessions and Teams. Their requests stay.
 * @returns false when there is no such member, or they are disabled already
 */
export async function disableMember(tx: Transaction, memberId: string, { actor, now }: Disabling): Promise<boolean> {
  const { count } = await tx.query(
    'update member set disabled_at = $2, activation_hash = null where id = $1 and disabled_at is null',
    [memberId, now()],
  )
  if (count === 0) return false
  await tx.query('delete from session where member_id = $1', [memberId])
  await tx.query(untie, [memberId])
  await tx.query('delete from teams_link where member_id = $1', [memberId])
  await tx.query("insert into audit (actor, action, subject) values ($1, 'account.disabled', $2)", [actor, memberId])
  return true
}
