import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { hashActivationCode, newActivationCode } from '../accounts/activation-code.ts'
import { disableMember } from '../accounts/disable-member.ts'
import type { Database, Transaction } from '../storage/database.ts'
import { countDemo, removeDemo } from './demo-members.ts'
import { parseRegisterFile, type RegisterEntry, type RegisterFile } from './register-file.ts'
import type { FileProblem } from './register-line.ts'
import { type RegisterWriter, writeMembers } from './register.ts'

export interface ImportOptions {
  /** Remove demo accounts and all that was done with them. */
  readonly replaceDemo: boolean
  /** New codes for everybody in the file, such as members who forgot their password; the password holds until then. */
  readonly newCodes: boolean
  /** Members who are not in the file have left: `disable` ends their access. They are kept as they are otherwise. */
  readonly absent?: 'keep' | 'disable'
}

export interface ActivationCode {
  readonly ppr: string
  readonly code: string
}

export type ImportResult =
  | { ok: true; added: number; updated: number; disabled: number; codes: number; removedDemo: DemoCount }
  | { ok: false; reason: 'problems'; problems: FileProblem[] }
  | { ok: false; reason: 'demoPresent'; demo: DemoCount }
  /** More than half of the members would lose their access: the file is a part of the register, and no more. */
  | { ok: false; reason: 'tooManyAbsent'; absent: number; members: number }

type DemoCount = Awaited<ReturnType<typeof countDemo>>

export interface RegisterImport {
  /**
   * All of the file or nothing of it.
   * @param keepCodes puts the codes where the operator finds them, before the commit: a code that is lost would leave
   *   its member outside; when it rejects, nothing is imported
   */
  run(
    file: Uint8Array,
    options: ImportOptions,
    keepCodes: (codes: ActivationCode[]) => Promise<void>,
  ): Promise<ImportResult>
}

/** Two imports at once would each miss the other's new members: the second waits. The number has no meaning. */
const IMPORT_LOCK = 7_203_911

interface Deps extends RegisterWriter {
  readonly database: Database
  readonly now: () => Date
}

export function createRegisterImport({ database, now, ...writer }: Deps): RegisterImport {
  async function write(tx: Transaction, entries: readonly RegisterEntry[], newCodes: boolean) {
    const codes: ActivationCode[] = []
    const activationHash = (ppr: string, isNew: boolean) => {
      if (!isNew && !newCodes) return undefined
      const code = newActivationCode(randomBytes)
      codes.push({ ppr, code })
      return hashActivationCode(code)
    }
    const written = await writeMembers(tx, entries, { ...writer, activationHash })
    const added = written.filter(({ isNew }) => isNew).length
    return { codes, added, updated: written.length - added }
  }

  return {
    async run(file, options, keepCodes) {
      const read = await parseRegisterFile(file)
      if (!read.ok) return { ok: false, reason: 'problems', problems: read.problems }
      return await database.transaction(async tx => {
        await tx.query('select pg_advisory_xact_lock($1)', [IMPORT_LOCK])
        const demo = await countDemo(tx)
        if (demo.members > 0 && !options.replaceDemo) return { ok: false, reason: 'demoPresent', demo }
        const problems = await writtenOtherwise(tx, read)
        if (problems.length > 0) return { ok: false, reason: 'problems', problems }
        const left = options.absent === 'disable' ? await absentFrom(tx, read.entries) : nobody
        if (left.ids.length > left.members / 2)
          return { ok: false, reason: 'tooManyAbsent', absent: left.ids.length, members: left.members }
        if (demo.members > 0) await removeDemo(tx)
        for (const id of left.ids) await disableMember(tx, id, { actor: 'system', now })
        const { codes, added, updated } = await write(tx, read.entries, options.newCodes)
        await audit(tx, writer.newId())
        if (codes.length > 0) await keepCodes(codes)
        return { ok: true, added, updated, disabled: left.ids.length, codes: codes.length, removedDemo: demo }
      })
    },
  }
}

interface Absent {
  readonly ids: readonly string[]
  /** All who have access now. */
  readonly members: number
}
const nobody: Absent = { ids: [], members: 0 }

async function absentFrom(tx: Transaction, entries: readonly RegisterEntry[]): Promise<Absent> {
  const { rows } = await tx.query(
    `select id, ppr not in (select jsonb_array_elements_text($1::jsonb)) as absent
       from member where disabled_at is null and not demo`,
    [JSON.stringify(entries.map(({ ppr }) => ppr))],
  )
  const members = z.array(z.object({ id: z.uuid(), absent: z.boolean() })).parse(rows)
  return { ids: members.filter(({ absent }) => absent).map(({ id }) => id), members: members.length }
}

/** New members of the file who are known already, by a PPR with other zeros in front. */
async function writtenOtherwise(
  tx: Transaction,
  { entries, lines }: Extract<RegisterFile, { ok: true }>,
): Promise<FileProblem[]> {
  const { rows } = await tx.query(
    `select given.ppr from jsonb_array_elements_text($1::jsonb) as given (ppr)
      where not exists (select from member where member.ppr = given.ppr)
        and ltrim(given.ppr, '0') in (select ltrim(ppr, '0') from member where not demo)`,
    [JSON.stringify(entries.map(({ ppr }) => ppr))],
  )
  const found = z.array(z.object({ ppr: z.string() })).parse(rows)
  return found.map(({ ppr }) => ({ line: lines.get(ppr) ?? 1, code: 'ppr.zeros', column: 'ppr' }))
}

async function audit(tx: Transaction, importId: string): Promise<void> {
  await tx.query("insert into audit (actor, action, subject) values ('system', 'members.imported', $1)", [importId])
}
