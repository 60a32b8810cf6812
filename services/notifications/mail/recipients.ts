import { z } from 'zod'
import type { Directory } from '../../directory/directory.ts'
import type { PersonResult } from '../../directory/person.ts'
import type { Database } from '../../storage/database.ts'

const accountRow = z.object({ account: z.string() })

/**
 * Who a member is in the directory: by the account that is theirs in Teams, where there is one, since not every
 * directory holds employee numbers; else by the number.
 */
export function createRecipients({ database, directory }: { database: Database; directory: Directory }) {
  async function accountOf(memberId: string): Promise<string | undefined> {
    const { rows } = await database.query(
      'select account from teams_account where member_id = $1 order by checked_at desc limit 1',
      [memberId],
    )
    return rows[0] && accountRow.parse(rows[0]).account
  }

  return async function personOf({ id, ppr }: { id: string; ppr: string }): Promise<PersonResult> {
    const account = await accountOf(id)
    return account === undefined ? await directory.personWith(ppr) : await directory.personOf(account)
  }
}
