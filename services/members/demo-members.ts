import { z } from 'zod'
import type { Passwords } from '../accounts/passwords.ts'
import type { Database, Queryable, Transaction } from '../storage/database.ts'
import type { RegisterEntry } from './register-file.ts'
import { type RegisterWriter, writeMembers } from './register.ts'

const DEMO_PASSWORD = 'demo'

/** Invented people, one for each thing that a request can meet. Only the first RIB is the portal guide's own. */
export const demoMembers: readonly RegisterEntry[] = [
  {
    ppr: '1000001',
    name: 'Youssef El Amrani',
    rib: '190170211110374226001507',
    relatives: [
      { kind: 'spouse', name: 'Nadia Berrada' },
      { kind: 'child', name: 'Inès El Amrani' },
      { kind: 'child', name: 'ياسين العمراني' },
    ],
  },
  { ppr: '1000002', name: 'Khadija Ouazzani', rib: '007810000123450000678902', relatives: [] },
  { ppr: '1000003', name: 'Rachid Bennis', relatives: [] },
  // The key should be 07.
  { ppr: '1000004', name: 'Fatima-Zahra Alaoui', rib: '190170211110374226001570', relatives: [] },
  {
    ppr: '1000005',
    name: 'Mehdi Tazi',
    rib: '007780000411230000245621',
    relatives: [{ kind: 'spouse', name: 'سناء التازي' }],
  },
]

/** Puts the demo members into an empty register. @returns whether it was empty */
export async function seedDemoMembers({
  database,
  passwords,
  ...writer
}: RegisterWriter & { database: Database; passwords: Passwords }): Promise<boolean> {
  if (!(await isEmpty(database))) return false
  const hashes = await Promise.all(demoMembers.map(async () => await passwords.hash(DEMO_PASSWORD)))
  return await database.transaction(async tx => {
    await tx.query('lock table member in share row exclusive mode')
    if (!(await isEmpty(tx))) return false
    const written = await writeMembers(tx, demoMembers, { ...writer, demo: true })
    for (const [place, { id }] of written.entries())
      await tx.query('update member set password_hash = $2 where id = $1', [id, hashes[place]])
    return true
  })
}

async function isEmpty(queryable: Queryable): Promise<boolean> {
  return (await queryable.query('select 1 from member limit 1')).rows.length === 0
}

const demoCount = z.object({ members: z.number(), dossiers: z.number() })

/** How many demo accounts there are, and how many dossiers were made with them. */
export async function countDemo(queryable: Queryable): Promise<z.infer<typeof demoCount>> {
  const { rows } = await queryable.query(
    `select (select count(*) from member where demo)::int as members,
            (select count(*) from dossier join member on member.id = dossier.member_id where demo)::int as dossiers`,
  )
  return demoCount.parse(rows[0])
}

/** Removes demo accounts with everything that was tried with them: dossiers first, which nothing else may remove. */
export async function removeDemo(tx: Transaction): Promise<void> {
  await tx.query('delete from dossier where member_id in (select id from member where demo)')
  await tx.query('delete from member where demo')
}

/** Whether somebody can still sign in with the demo password. */
export async function hasDemoMembers(queryable: Queryable): Promise<boolean> {
  return (await queryable.query('select 1 from member where demo limit 1')).rows.length > 0
}
