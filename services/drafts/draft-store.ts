import { z } from 'zod'
import { AppError } from '../errors.ts'
import { languages } from '../language.ts'
import type { Database, Transaction } from '../storage/database.ts'
import type { StatementPart } from '../storage/statement-part.ts'
import { beneficiaries, motifs, nextStep, type Draft, type Step } from './draft.ts'

const storedDraft = z.object({
  id: z.string(),
  member_id: z.string(),
  version: z.number(),
  consent_version: z.string().nullable(),
  consent_language: z.enum(languages).nullable(),
  consent_at: z.date().nullable(),
  rib_hash: z.instanceof(Uint8Array).nullable(),
  beneficiary: z.enum(beneficiaries).nullable(),
  relative_id: z.string().nullable(),
  motif: z.enum(motifs).nullable(),
  document_id: z.string().nullable(),
  document_name: z.string().nullable(),
  document_pages: z.number().nullable(),
  editing: z.enum(['rib', 'beneficiary', 'person', 'motif', 'document']).nullable(),
  language: z.enum(languages),
  channel: z.enum(['webchat', 'msteams']),
  created_at: z.date(),
  updated_at: z.date(),
})

type DraftRow = z.infer<typeof storedDraft>

function toDraft(row: DraftRow): Draft {
  const { consent_version: version, consent_language: language, consent_at: at } = row
  return {
    id: row.id,
    memberId: row.member_id,
    version: row.version,
    ...(version && language && at && { consent: { version, language, at } }),
    ...(row.rib_hash && { ribHash: row.rib_hash }),
    ...(row.beneficiary && { beneficiary: row.beneficiary }),
    ...(row.relative_id && { relativeId: row.relative_id }),
    ...(row.motif && { motif: row.motif }),
    ...(row.document_id &&
      row.document_name !== null && {
        document: { id: row.document_id, name: row.document_name, pages: row.document_pages ?? 0 },
      }),
    ...(row.editing && { editing: row.editing }),
    language: row.language,
    channel: row.channel,
    startedAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

const idRow = z.object({ id: z.string() })
/** Of `draft` joined with its `document`, whose name and pages stand as `document_name` and `document_pages`. */
export const draftRow = storedDraft.transform(toDraft)

const select = `select draft.*, document.name as document_name, document.pages as document_pages
  from draft left join document on document.id = draft.document_id`

/** `$first`, and so on. */
const parameters = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `$${first + index}`)

function insert(first: number, condition: string): string {
  return `insert into draft (consent_version, consent_language, consent_at, rib_hash, beneficiary, relative_id, motif,
    document_id, editing, language, updated_at, id, version, member_id, channel, created_at)
  select ${parameters(first, 16).join(', ')} where ${condition} on conflict do nothing returning id`
}

function update(first: number, condition: string): string {
  const [version, language, at, hash, who, person, motif, file, editing, tongue, now, id, read] = parameters(first, 13)
  return `update draft set consent_version = ${version}, consent_language = ${language}, consent_at = ${at},
    rib_hash = ${hash}, beneficiary = ${who}, relative_id = ${person}, motif = ${motif}, document_id = ${file},
    editing = ${editing}, language = ${tongue}, updated_at = ${now}, version = version + 1
  where id = ${id} and version = ${read} and ${condition} returning id`
}

function answers(draft: Draft): unknown[] {
  return [
    draft.consent?.version ?? null,
    draft.consent?.language ?? null,
    draft.consent?.at ?? null,
    draft.ribHash ?? null,
    draft.beneficiary ?? null,
    draft.relativeId ?? null,
    draft.motif ?? null,
    draft.document?.id ?? null,
    draft.editing ?? null,
    draft.language,
    draft.updatedAt,
    draft.id,
  ]
}

function changedElsewhere(): AppError {
  return new AppError('draft.changed', 'the draft was changed by another turn')
}

/** The open requests. Every write checks the version that was read: @throws {AppError} `draft.changed` when it is stale. */
export function createDraftStore(database: Database) {
  return {
    async openOf(memberId: string): Promise<Draft | undefined> {
      const { rows } = await database.query(`${select} where draft.member_id = $1`, [memberId])
      return rows[0] && draftRow.parse(rows[0])
    },

    /** Where the member's open request stands, as an upload asks before it takes a file in. */
    async stepOf(memberId: string): Promise<{ id: string; step: Step } | undefined> {
      const draft = await this.openOf(memberId)
      return draft && { id: draft.id, step: nextStep(draft) }
    },

    /** Stores a new draft; nothing when its member has one by now. */
    inserting(draft: Draft): StatementPart {
      return {
        text: insert,
        values: [...answers(draft), draft.version, draft.memberId, draft.channel, draft.startedAt],
      }
    },

    /** Stores the answers over those of version `read`; nothing when that is no longer the one. */
    updating(draft: Draft, read: number): StatementPart {
      return { text: update, values: [...answers(draft), read] }
    },

    /** Makes such a change by itself. */
    async make(tx: Transaction, { text, values }: StatementPart): Promise<void> {
      const { count } = await tx.query(text(1, 'true'), values)
      if (count === 0) throw changedElsewhere()
    },

    /** Drops the accepted files of a draft that it no longer refers to. */
    async dropReplacedDocuments(tx: Transaction, draft: Draft): Promise<void> {
      await tx.query(`delete from document where dossier_id = $1 and state = 'accepted' and id is distinct from $2`, [
        draft.id,
        draft.document?.id ?? null,
      ])
    },

    /** Ends a draft that becomes a dossier. */
    async close(tx: Transaction, draft: Pick<Draft, 'id'>, read: number): Promise<void> {
      const { count } = await tx.query('delete from draft where id = $1 and version = $2', [draft.id, read])
      if (count === 0) throw changedElsewhere()
    },

    /** Ends the drafts that nobody touched since `before`, with their files. @returns how many */
    async expire(before: Date): Promise<number> {
      return database.transaction(async tx => {
        const { rows } = await tx.query('delete from draft where updated_at < $1 returning id', [before])
        const ids = rows.map(row => idRow.parse(row).id)
        await tx.query('delete from document where dossier_id = any($1::uuid[])', [ids])
        return ids.length
      })
    },

    /** Ends a draft that is given up: its answers and its file go. */
    async abandon(tx: Transaction, draft: Pick<Draft, 'id'>, read: number): Promise<void> {
      await this.close(tx, draft, read)
      await tx.query('delete from document where dossier_id = $1', [draft.id])
    },
  }
}

export type DraftStore = ReturnType<typeof createDraftStore>
