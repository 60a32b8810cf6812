import { z } from 'zod'
import type { Database, Queryable } from '../storage/database.ts'

/** How a member is known behind an account of Teams: by the directory's employee number, or tied to it by themselves. */
export type AccountSource = 'directory' | 'link'

export interface TeamsAccount {
  /** Entra's object id. */
  readonly account: string
  readonly memberId: string
  readonly source: AccountSource
  /** As Teams shows it. */
  readonly name: string
  /** When the directory last vouched for it; of an account that a member tied, when that was. */
  readonly checkedAt: Date
}

export interface TeamsAccounts {
  /** Accounts that the member tied to themselves, by name. */
  tiedTo(memberId: string): Promise<TeamsAccount[]>
  remember(known: Omit<TeamsAccount, 'checkedAt'>): Promise<void>
  /**
   * The account is nobody's from now on, and its chats belong to no member.
   * @param of only while it is this member's, tied by themselves
   * @returns whether it was somebody's
   */
  forget(account: string, of?: { readonly memberId: string }): Promise<boolean>
}

export const accountNames = ['account', 'member_id', 'source', 'name', 'checked_at'] as const
const columns = accountNames.join(', ')
export const accountRow = z
  .object({
    account: z.string(),
    member_id: z.uuid(),
    source: z.enum(['directory', 'link']),
    name: z.string(),
    checked_at: z.date(),
  })
  .transform(({ member_id: memberId, checked_at: checkedAt, ...rest }) => ({ ...rest, memberId, checkedAt }))

const upsert = `
insert into teams_account (${columns}) values ($1, $2, $3, $4, $5)
on conflict (account) do update set
  member_id = excluded.member_id, source = excluded.source, name = excluded.name, checked_at = excluded.checked_at`

const release = `
update conversation set member_id = null
where id in (select conversation_id from teams_conversation where account = $1)`

const unlinked = "insert into audit (actor, action, subject) values ($1, 'teams.unlinked', $2)"

/** In the caller's transaction, since what proves it goes with it. */
export async function rememberAccount(queryable: Queryable, known: TeamsAccount): Promise<void> {
  const { account, memberId, source, name, checkedAt } = known
  await queryable.query(upsert, [account, memberId, source, name, checkedAt])
}

export function createTeamsAccounts({ database, now }: { database: Database; now: () => Date }): TeamsAccounts {
  return {
    async tiedTo(memberId) {
      const { rows } = await database.query(
        `select ${columns} from teams_account where member_id = $1 and source = 'link' order by name, account`,
        [memberId],
      )
      return rows.map(row => accountRow.parse(row))
    },
    remember: known => rememberAccount(database, { ...known, checkedAt: now() }),
    async forget(account, of) {
      return await database.transaction(async tx => {
        const { rows } = await tx.query(
          `delete from teams_account where account = $1 and ($2::uuid is null or (member_id = $2 and source = 'link'))
           returning member_id`,
          [account, of?.memberId ?? null],
        )
        if (!rows[0]) return false
        const { member_id: memberId } = z.object({ member_id: z.uuid() }).parse(rows[0])
        await tx.query(release, [account])
        await tx.query(unlinked, [of ? `member:${memberId}` : 'system', memberId])
        return true
      })
    },
  }
}
