import { z } from 'zod'
import type { Draft } from '../drafts/draft.ts'
import type { DraftStore } from '../drafts/draft-store.ts'
import { AppError } from '../errors.ts'
import type { Keyring } from '../keys/keyring.ts'
import { open, seal } from '../keys/seal.ts'
import type { Language } from '../language.ts'
import type { Member } from '../members/member.ts'
import type { Transaction } from '../storage/database.ts'
import { createConfirmedRib } from './confirmed-rib.ts'
import { dossierYear, NUMBER_PLACEHOLDER } from './dossier.ts'

/** A draft with every answer given. */
export type CompleteDraft = Draft & Required<Pick<Draft, 'consent' | 'ribHash' | 'beneficiary' | 'motif' | 'document'>>

export interface Submission {
  readonly draft: CompleteDraft
  /** The version that the turn read. */
  readonly read: number
  readonly member: Member
  readonly language: Language
  readonly at: Date
}

/** Where the reply that names the number is stored. */
export interface Reply {
  readonly conversationId: string
  readonly positions: readonly number[]
}

const ribRow = z.object({ rib_sealed: z.instanceof(Uint8Array).nullable() })
const relativeRow = z.object({ name: z.string() })
const numberRow = z.object({ number: z.string() })

/** Numbering comes last in the transaction, and with its commit: the counter's row is locked only while that is written. */
const numberAndStore = `
  with counter as (
    insert into dossier_counter (year, last) values ($1::int, 1)
    on conflict (year) do update set last = dossier_counter.last + 1 returning last),
  dossier as (
    insert into dossier (id, number, member_id, beneficiary, relative_id, person_name, motif, document_id, rib_sealed,
      consent_version, consent_language, consent_at, language, channel, submitted_at)
    select $2::uuid, 'AES-' || $1::int || '-' || lpad(last::text, greatest(6, length(last::text)), '0'), $3::uuid, $4, $5, $6, $7, $8, $9,
      $10, $11, $12, $13, $14, $15::timestamptz from counter returning id, number),
  event as (insert into dossier_event (dossier_id, kind, at) select id, 'submitted', $15::timestamptz from dossier),
  audited as (insert into audit (at, actor, action, subject) select $15::timestamptz, 'member:' || $3::uuid, 'dossier.submitted', id::text from dossier),
  told as (
    update activity set body = replace(body, $16::text, dossier.number) from dossier
    where conversation_id = $17 and position = any($18::int[]))
  select number from dossier`

function changed(): AppError {
  return new AppError('draft.changed', 'the RIB or the relative is no longer as the turn read it')
}

export function createSubmissions(deps: { keyring: Keyring; drafts: DraftStore }) {
  const { keyring, drafts } = deps
  const confirmedRib = createConfirmedRib(keyring)

  /** The RIB to pay to, read again under a lock: an import between the turn's reading and its commit must not slip by. */
  async function lockRib(tx: Transaction, { member }: Submission): Promise<string> {
    const { rows } = await tx.query('select rib_sealed from member where id = $1 for share', [member.id])
    const sealed = rows[0] && ribRow.parse(rows[0]).rib_sealed
    const rib = sealed && open({ keyring, purpose: 'rib' }, sealed, member.id).toString('latin1')
    if (!rib || rib !== member.rib) throw changed()
    return rib
  }

  async function lockRelative(tx: Transaction, { draft, member }: Submission): Promise<string | null> {
    if (!draft.relativeId) return null
    const { rows } = await tx.query('select name from relative where id = $1 and member_id = $2 for share', [
      draft.relativeId,
      member.id,
    ])
    if (!rows[0]) throw changed()
    return relativeRow.parse(rows[0]).name
  }

  return {
    ribHash: confirmedRib.hash,

    /** The answer that no longer holds and must be asked again, if any. */
    outdated(draft: Draft, member: Member): 'rib' | 'beneficiary' | undefined {
      if (draft.ribHash && !confirmedRib.isStillOf(member, draft.ribHash)) return 'rib'
      const relative = member.relatives.find(({ id }) => id === draft.relativeId)
      const sameRelative = draft.beneficiary === 'member' || relative?.kind === draft.beneficiary
      return draft.relativeId && !sameRelative ? 'beneficiary' : undefined
    },

    /**
     * Stores the dossier in the turn's transaction, as its last step, and puts the number into the reply.
     * @returns the dossier's number
     * @throws {AppError} `draft.changed` when what was confirmed holds no longer: the turn runs again on what is there now
     */
    async store(tx: Transaction, submission: Submission, reply: Reply): Promise<string> {
      const { draft, member, at } = submission
      // Asked together, in this order: one way to the database and back for all of them.
      const [personName, rib] = await Promise.all([
        lockRelative(tx, submission),
        lockRib(tx, submission),
        drafts.close(tx, draft, submission.read),
      ])
      const { rows } = await tx.last(numberAndStore, [
        dossierYear(at),
        draft.id,
        member.id,
        draft.beneficiary,
        draft.relativeId ?? null,
        personName,
        draft.motif,
        draft.document.id,
        seal({ keyring, purpose: 'rib' }, Buffer.from(rib, 'latin1'), draft.id),
        draft.consent.version,
        draft.consent.language,
        draft.consent.at,
        submission.language,
        draft.channel,
        at,
        NUMBER_PLACEHOLDER,
        reply.conversationId,
        [...reply.positions],
      ])
      return numberRow.parse(rows[0]).number
    },
  }
}

export type Submissions = ReturnType<typeof createSubmissions>

export function isComplete(draft: Draft): draft is CompleteDraft {
  const { consent, ribHash, beneficiary, relativeId, motif, document } = draft
  const person = beneficiary === 'member' || relativeId !== undefined
  return Boolean(consent && ribHash && beneficiary && person && motif && document && !draft.editing)
}
