import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { createConfirmationLetter } from '../../../../dialogs/confirmation-letter.ts'
import { createTranslators } from '../../../../locales/translator.ts'
import { createDirectory } from '../../../../services/directory/directory.ts'
import { createDocumentStore } from '../../../../services/documents/document-store.ts'
import { createKeyring, generateSecretKey } from '../../../../services/keys/keyring.ts'
import type { Log } from '../../../../services/log.ts'
import { createNotifier, type NotifierSettings } from '../../../../services/notifications/notifier.ts'
import type { NotificationKind } from '../../../../services/notifications/notification.ts'
import type { Database } from '../../../../services/storage/database.ts'
import { createInProcessCache } from '../../../../services/storage/embedded/cache.ts'
import type { Jobs } from '../../../../services/storage/jobs.ts'
import { openGraph } from '../../../support/graph.ts'
import { pieces } from '../../../support/pieces.ts'
import { scanOfSize } from '../../../support/pdfs.ts'

export const driveId = 'b!emulator'
export const mailFrom = 'assistant@fosmef.example'

interface Options {
  readonly database: Database
  readonly jobs: Jobs
  readonly settings: NotifierSettings
}

export type Desk = Awaited<ReturnType<typeof openDesk>>

/** The notifications over a database, with the emulated Graph; time passes when told. */
export async function openDesk({ database, jobs, settings }: Options) {
  const clock = { at: Date.now() }
  const now = () => new Date(clock.at)
  const keyring = createKeyring(generateSecretKey())
  const documents = createDocumentStore({ database, keyring, now, newId: randomUUID })
  const cloud = await openGraph({ now, limitMs: 2000 })
  const logged: string[] = []
  const write = (event: string, fields = {}) => void logged.push(JSON.stringify({ event, ...fields }))
  const log: Log = { info: write, warn: write, error: write }
  const translators = createTranslators()
  const contact = { fr: '0537 00 00 00', ar: '0537 00 00 00' }
  const notifications = createNotifier({
    database,
    jobs,
    keyring,
    documents,
    log,
    now,
    settings,
    newGraph: ({ circuit }) => cloud.newGraph(3000, circuit),
    directory: createDirectory({ graph: cloud.newGraph(), cache: createInProcessCache({ now }), keyring, now }),
    write: createConfirmationLetter({ translators, url: 'https://assistant.example.ma', contact }),
    allowPlain: true,
  })
  let dossiers = 0

  async function addMember(ppr: string, person: object | null): Promise<string> {
    const id = randomUUID()
    await database.query(`insert into member (id, ppr, name) values ($1, $2, 'Youssef <El> Amrani')`, [id, ppr])
    const user = { id: randomUUID(), userPrincipalName: ppr, displayName: 'Youssef', employeeId: ppr }
    if (person) cloud.emulated.people.add({ ...user, ...person })
    return id
  }

  async function addDossier(memberId: string, documentId: string, submission: Submitted): Promise<void> {
    await database.query(
      `insert into dossier (id, number, member_id, beneficiary, motif, document_id, rib_sealed, consent_version,
         consent_language, consent_at, language, channel, submitted_at)
       values ($1, $2, $3, 'member', 'oncology', $4, '', '1', 'fr', now(), $5, 'webchat', $6)`,
      [submission.id, submission.number, memberId, documentId, submission.language, now()],
    )
  }

  return {
    clock,
    cloud,
    documents,
    logged,
    notifications,
    /** A member's dossier, as *Terminer* stores one; `person` is how the directory knows the member. */
    async submit({ size = 300_000, language = 'fr', person = { mail: 'youssef@fosmef.example' } }: Wish = {}) {
      const ppr = `300${String(++dossiers)}`
      const memberId = await addMember(ppr, person)
      const pdf = scanOfSize(size, randomBytes)
      const submission = { id: randomUUID(), number: `AES-2026-${String(dossiers).padStart(6, '0')}`, language }
      const receipt = await documents.receive({ dossierId: submission.id, memberId, name: 'a.pdf' }, pieces(pdf), size)
      assert.ok(receipt.received)
      await addDossier(memberId, receipt.id, submission)
      return { ...submission, ppr, memberId, pdf }
    },
    async row(dossierId: string, kind: NotificationKind) {
      const { rows } = await database.query(
        `select state, reason, attempts, external_id is not null as made, upload_sealed is not null as uploading
         from notification where dossier_id = $1 and kind = $2`,
        [dossierId, kind],
      )
      return rows[0]
    },
    close: () => cloud.close(),
  }
}

interface Submitted {
  readonly id: string
  readonly number: string
  readonly language: 'fr' | 'ar'
}

interface Wish {
  readonly size?: number
  readonly language?: 'fr' | 'ar'
  readonly person?: object | null
}
