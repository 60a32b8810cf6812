import { createHash, randomBytes, randomInt } from 'node:crypto'
import { z } from 'zod'
import { keyedHash, keyedHashMatches } from '../keys/keyed-hash.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { Database, Transaction } from '../storage/database.ts'
import { rememberAccount } from './teams-accounts.ts'

/** Long enough to find one's password; the link is shown again for the asking. */
const LINK_MS = 15 * 60 * 1000
export const CODE_MS = 5 * 60 * 1000
const MOST_TRIES = 5

/** `none`: no code is open for this account. */
export type Redeemed =
  | { readonly ok: true; readonly memberId: string }
  | { readonly ok: false; readonly reason: 'wrong'; readonly triesLeft: number }
  | { readonly ok: false; readonly reason: 'none' }

/**
 * Ties an account of Teams to a member: a link shown in the account's own chat, the member's password on our page, and a
 * code from there typed into that chat. Whoever sends their link to somebody else never sees the code; whoever finds a
 * code cannot use it in another chat. What links and pages hold is stored as a hash.
 */
export interface TeamsLinks {
  /** @returns what the address holds: 256 random bits */
  open(account: { readonly account: string; readonly name: string }): Promise<string>
  /** A member has given their password on the link's page; whoever did so before is out. @returns undefined once it is over */
  signIn(link: string, memberId: string): Promise<{ readonly accountName: string; readonly ticket: string } | undefined>
  /** @param ticket of the page that signed in last; good for one code. @returns six digits, or undefined once it is over */
  issueCode(link: string, ticket: string): Promise<string | undefined>
  /** What was typed in a chat of this account. A code ends with its fifth wrong try. */
  redeem(account: string, code: string): Promise<Redeemed>
  /** Removes what has expired. */
  sweep(): Promise<number>
}

interface Deps {
  readonly database: Database
  readonly keyring: Keyring
  readonly now: () => Date
}

const openCode = `
select id_hash, account_name, member_id, code_hash, tries from teams_link
where account = $1 and code_hash is not null and member_id is not null and code_expires_at > $2 and tries < $3
order by code_expires_at desc limit 1 for update`

const openCodeRow = z.object({
  id_hash: z.instanceof(Uint8Array),
  account_name: z.string(),
  member_id: z.uuid(),
  code_hash: z.instanceof(Uint8Array),
  tries: z.number(),
})

const secret = () => randomBytes(32).toString('base64url')
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()
const inAccount = (account: string, code: string) => `${account}|${code}`

export function createTeamsLinks(deps: Deps): TeamsLinks {
  const { database, keyring, now } = deps
  const after = (milliseconds: number) => new Date(now().getTime() + milliseconds)

  return {
    async open({ account, name }) {
      const link = secret()
      await database.query(
        'insert into teams_link (id_hash, account, account_name, created_at, expires_at) values ($1, $2, $3, $4, $5)',
        [hashOf(link), account, name, now(), after(LINK_MS)],
      )
      return link
    },
    async signIn(link, memberId) {
      const ticket = secret()
      const { rows } = await database.query(
        `update teams_link set member_id = $2, ticket_hash = $3, code_hash = null
         where id_hash = $1 and expires_at > $4 returning account_name`,
        [hashOf(link), memberId, hashOf(ticket), now()],
      )
      return rows[0] && { accountName: z.object({ account_name: z.string() }).parse(rows[0]).account_name, ticket }
    },
    async issueCode(link, ticket) {
      const code = String(randomInt(1_000_000)).padStart(6, '0')
      return await database.transaction(async tx => {
        const sql = `update teams_link set ticket_hash = null, tries = 0, code_expires_at = $3
          where id_hash = $1 and ticket_hash = $2 and expires_at > $4 returning account`
        const { rows } = await tx.query(sql, [hashOf(link), hashOf(ticket), after(CODE_MS), now()])
        if (!rows[0]) return undefined
        const { account } = z.object({ account: z.string() }).parse(rows[0])
        const hash = keyedHash(keyring, 'link', inAccount(account, code))
        await tx.query('update teams_link set code_hash = $2 where id_hash = $1', [hashOf(link), hash])
        return code
      })
    },
    redeem: (account, code) => database.transaction(tx => redeem(tx, deps, { account, code })),
    async sweep() {
      const over = new Date(now().getTime() - CODE_MS)
      return (await database.query('delete from teams_link where expires_at <= $1', [over])).count
    },
  }
}

async function redeem(
  tx: Transaction,
  { keyring, now }: Deps,
  { account, code }: { account: string; code: string },
): Promise<Redeemed> {
  const { rows } = await tx.query(openCode, [account, now(), MOST_TRIES])
  if (!rows[0]) return { ok: false, reason: 'none' }
  const link = openCodeRow.parse(rows[0])
  if (!keyedHashMatches({ keyring, purpose: 'link' }, inAccount(account, code), link.code_hash)) {
    await tx.query('update teams_link set tries = tries + 1 where id_hash = $1', [link.id_hash])
    return { ok: false, reason: 'wrong', triesLeft: MOST_TRIES - link.tries - 1 }
  }
  const { member_id: memberId, account_name: name } = link
  await tx.query('delete from teams_link where account = $1', [account])
  await rememberAccount(tx, { account, memberId, name, source: 'link', checkedAt: now() })
  await tx.query("insert into audit (actor, action, subject) values ($1, 'teams.linked', $2)", [
    `member:${memberId}`,
    memberId,
  ])
  return { ok: true, memberId }
}
