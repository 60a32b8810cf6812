import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { DocumentStore } from '../documents/document-store.ts'
import { AppError } from '../errors.ts'
import type { Keyring } from '../keys/keyring.ts'
import { open } from '../keys/seal.ts'
import type { Queryable } from '../storage/database.ts'

/** What a base holds, and what of it could not be opened with the keys that are there. */
export interface BaseReport {
  readonly members: number
  readonly dossiers: number
  readonly documents: number
  readonly ribs: number
  /** Ids, each with the code of what is wrong. */
  readonly broken: readonly { readonly what: 'document' | 'rib'; readonly id: string; readonly code: string }[]
}

export interface VerifyDeps {
  readonly database: Queryable
  readonly documents: Pick<DocumentStore, 'read'>
  readonly keyring: Keyring
}

type Broken = BaseReport['broken'][number]

const countRow = z.object({ members: z.number(), dossiers: z.number() })
const documentRow = z.object({ id: z.string(), sha256: z.instanceof(Uint8Array) })
const ribRow = z.object({ id: z.string(), rib_sealed: z.instanceof(Uint8Array) })

/** Opens everything that is sealed, to the last byte: a backup that nobody has opened is none. Changes nothing. */
export async function verifyBase({ database, documents, keyring }: VerifyDeps): Promise<BaseReport> {
  const counts = `select (select count(*)::int from member) as members, (select count(*)::int from dossier) as dossiers`
  const counted = countRow.parse((await database.query(counts)).rows[0])
  const broken: Broken[] = []

  async function check(what: Broken['what'], id: string, work: () => Promise<boolean>): Promise<void> {
    const code = await work().then(isSame => (isSame ? undefined : 'different'), codeOf)
    if (code !== undefined) broken.push({ what, id, code })
  }

  const files = await rowsOf(database, `select id, sha256 from document where state <> 'receiving' order by id`)
  for (const row of files) {
    const { id, sha256 } = documentRow.parse(row)
    await check('document', id, async () => (await hashOf(documents.read(id))).equals(sha256))
  }
  const sealed = await rowsOf(database, ribs)
  for (const row of sealed) {
    const { id, rib_sealed: rib } = ribRow.parse(row)
    await check('rib', id, async () => /^\d{24}$/.test(open({ keyring, purpose: 'rib' }, rib, id).toString('latin1')))
  }
  return { ...counted, documents: files.length, ribs: sealed.length, broken }
}

/** Each is sealed for the row that it stands in. */
const ribs = `
select id, rib_sealed from member where rib_sealed is not null
union all select id, rib_sealed from dossier order by id`

const rowsOf = async (database: Queryable, sql: string) => (await database.query(sql)).rows

async function hashOf(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const hash = createHash('sha256')
  for await (const piece of bytes) hash.update(piece)
  return hash.digest()
}

const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : 'invariant')
