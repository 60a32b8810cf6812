import { z } from 'zod'
import type { Keyring } from '../keys/keyring.ts'
import { open, seal } from '../keys/seal.ts'
import type { Database } from '../storage/database.ts'
import { notificationKinds, type Attempt, type NotificationKind, type Outcome } from './notification.ts'

const attemptRow = z.object({
  state: z.enum(['pending', 'done', 'skipped', 'failed']),
  attempts: z.number(),
  external_id: z.string().nullable(),
  upload_sealed: z.instanceof(Uint8Array).nullable(),
})
const waitingRow = z.object({ dossier_id: z.string(), kind: z.enum(notificationKinds) })

interface Deps {
  readonly database: Database
  readonly keyring: Keyring
  readonly now: () => Date
}

/** Days after which nobody waits for it any more. */
const GIVE_UP_MS = 30 * 24 * 3_600_000

export function createNotificationStore({ database, keyring, now }: Deps) {
  const sealing = { keyring, purpose: 'upload' } as const

  return {
    /** @returns undefined when it is over, or when the dossier is gone */
    async begin(dossierId: string, kind: NotificationKind): Promise<Attempt | undefined> {
      const { rows } = await database.query(
        `insert into notification as n (dossier_id, kind, attempts, created_at, updated_at)
           select id, $2, 1, $3::timestamptz, $3::timestamptz from dossier where id = $1
         on conflict (dossier_id, kind) do update set attempts = n.attempts + 1, updated_at = $3
         returning state, attempts, external_id, upload_sealed`,
        [dossierId, kind, now()],
      )
      const row = rows[0] && attemptRow.parse(rows[0])
      if (row?.state !== 'pending') return undefined
      const { external_id: externalId, upload_sealed: sealed } = row
      const uploadUrl = sealed && open(sealing, sealed, dossierId).toString('utf8')
      const made = { ...(externalId !== null && { externalId }), ...(uploadUrl && { uploadUrl }) }
      return { dossierId, kind, number: row.attempts, ...made }
    },

    /** @returns what is kept: with the first of two tries that ran at the same time, both go on with its own */
    async keepExternalId({ dossierId, kind }: Attempt, externalId: string): Promise<string> {
      const { rows } = await database.query(
        `update notification set external_id = coalesce(external_id, $3) where dossier_id = $1 and kind = $2
         returning external_id`,
        [dossierId, kind, externalId],
      )
      return z.object({ external_id: z.string() }).parse(rows[0]).external_id
    },

    async keepUpload({ dossierId, kind }: Attempt, url: string): Promise<void> {
      const sealed = seal(sealing, Buffer.from(url, 'utf8'), dossierId)
      const set = 'update notification set upload_sealed = $3 where dossier_id = $1 and kind = $2'
      await database.query(set, [dossierId, kind, sealed])
    },

    /** @returns the state that is now on record: what was pending for too long has failed */
    async record({ dossierId, kind }: Attempt, outcome: Outcome): Promise<string> {
      const { rows } = await database.query(
        `update notification set
           state = case when $3 = 'pending' and created_at < $6 then 'failed' else $3 end,
           reason = $4, external_id = coalesce($5, external_id), updated_at = $7,
           upload_sealed = case when $3 = 'pending' then upload_sealed end
         where dossier_id = $1 and kind = $2 and state = 'pending' returning state`,
        [dossierId, kind, outcome.state, outcome.reason ?? null, externalIdOf(outcome), tooOld(now()), now()],
      )
      return z.object({ state: z.string() }).safeParse(rows[0]).data?.state ?? 'done'
    },

    /** What was last tried before `since` and is still pending: its job has used up its tries. */
    async waiting(since: Date): Promise<{ dossierId: string; kind: NotificationKind }[]> {
      const { rows } = await database.query(
        `select dossier_id, kind from notification where state = 'pending' and updated_at < $1
         order by updated_at limit 500`,
        [since],
      )
      return rows.map(row => waitingRow.parse(row)).map(({ dossier_id: dossierId, kind }) => ({ dossierId, kind }))
    },
  }
}

export type NotificationStore = ReturnType<typeof createNotificationStore>

const externalIdOf = (outcome: Outcome): string | null => (outcome.state === 'done' ? outcome.externalId : null)
const tooOld = (at: Date): Date => new Date(at.getTime() - GIVE_UP_MS)
