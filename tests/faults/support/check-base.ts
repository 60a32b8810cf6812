import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { createKeyring } from '../../../services/keys/keyring.ts'
import { loadOrCreateSecretKey } from '../../../services/keys/secret-key-file.ts'
import { createServices } from '../../../services/services.ts'
import { openEmbeddedDatabase } from '../../../services/storage/embedded/embedded-database.ts'
import { silentLog } from '../../support/silent-log.ts'
import { allOf } from '../../support/pieces.ts'
import type { Applicant } from './applicant.ts'

const idSchema = z.object({ id: z.string() })
const dossierSchema = z.object({
  number: z.string(),
  beneficiary: z.string(),
  relative: z.string().nullable(),
  motif: z.string(),
  document_id: z.string(),
})

const dossiersSql = `select number, beneficiary, r.kind as relative, motif, document_id
  from dossier d left join relative r on r.id = d.relative_id where d.member_id = $1 order by number`

async function openBase(dataDir: string) {
  const database = await openEmbeddedDatabase({ dataDir, log: silentLog })
  const keyring = createKeyring(await loadOrCreateSecretKey(dataDir))
  const services = createServices({ database, keyring, now: () => new Date(), newId: randomUUID })
  return { database, ...services }
}

type Base = Awaited<ReturnType<typeof openBase>>

/** Opens the base of a server that has ended. */
export async function lookInto<T>(dataDir: string, look: (base: Base) => Promise<T>): Promise<T> {
  const base = await openBase(dataDir)
  try {
    return await look(base)
  } finally {
    await base.database.close()
  }
}

/** Everything that members did and were told, against what is stored. */
export async function checkAll(base: Base, applicants: readonly Applicant[]): Promise<void> {
  for (const applicant of applicants) {
    await checkConversation(base, applicant)
    await checkDossiers(base, applicant)
  }
  await checkWhole(base, applicants)
}

/** Every answer is there once and has its own answer, and the member was shown what is stored, each change once. */
async function checkConversation({ conversations, members }: Base, applicant: Applicant): Promise<void> {
  const member = await members.findByPpr(applicant.ppr)
  const conversation = member && (await conversations.openOf(member.id, 'webchat'))
  assert.ok(conversation)
  const stored = await conversations.latest(conversation.id, 100_000)
  assert.deepEqual(
    stored.filter(({ due }) => due),
    [],
    'nothing waits',
  )
  const sent = stored.flatMap(({ clientId }) => (clientId === undefined ? [] : [clientId]))
  assert.deepEqual(
    sent,
    applicant.invocations.map(({ clientId }) => clientId),
    'what was sent, in its order, each once',
  )
  stored.forEach(({ direction }, index) => {
    if (direction === 'in') assert.equal(stored[index + 1]?.direction, 'out', 'a message is answered before the next')
  })
  const shown = applicant.member.shown().map(({ id }) => Number(id.split('|')[1]))
  assert.deepEqual(
    shown,
    // What opened the conversation is for the assistant alone.
    stored.filter(({ body }) => body.type === 'message').map(({ position }) => position),
    'what is shown is what is stored',
  )
  checkOnceShown(applicant)
}

/** An activity comes again only when it was changed. Links to files are signed anew at every delivery. */
function checkOnceShown({ member }: Applicant): void {
  const seen = new Set<string>()
  for (const { id, all } of member.received()) {
    const content = JSON.stringify([id, all.text, all.attachments, all.suggestedActions], (key, value: unknown) =>
      key === 'contentUrl' ? undefined : value,
    )
    assert.ok(!seen.has(content), `${id} was shown twice`)
    seen.add(content)
  }
}

/** What the member was told to be stored is stored, as answered, to the byte, and nothing else is. */
async function checkDossiers(base: Base, { ppr, submitted }: Applicant): Promise<void> {
  const { rows } = await base.database.query(dossiersSql, [(await base.members.findByPpr(ppr))?.id])
  const dossiers = rows.map(row => dossierSchema.parse(row))
  assert.deepEqual(
    dossiers.map(({ number, beneficiary, motif, relative }) => [number, beneficiary, motif, relative ?? 'member']),
    submitted.map(({ number, plan }) => [number, plan.beneficiary, plan.motif, plan.beneficiary]),
  )
  for (const [index, { document_id }] of dossiers.entries()) {
    const plain = await allOf(base.documents.read(document_id))
    assert.ok(plain.equals(submitted[index]?.plan.file.bytes ?? Buffer.alloc(0)), 'the file is there to the byte')
  }
}

/** No number is left out or given twice; no document is left that cannot be read, and after a sweep none that is not used. */
async function checkWhole({ database, documents }: Base, applicants: readonly Applicant[]): Promise<void> {
  const { rows } = await database.query('select right(number, 6)::int as number from dossier order by 1')
  const count = applicants.flatMap(({ submitted }) => submitted).length
  assert.deepEqual(
    rows.map(({ number }) => number),
    Array.from({ length: count }, (_, index) => index + 1),
  )
  const whole = await database.query("select id from document where state <> 'receiving'")
  for (const row of whole.rows) await allOf(documents.read(idSchema.parse(row).id))
  const tomorrow = new Date(Date.now() + 86_400_000)
  await documents.sweep(tomorrow)
  const kept = await database.query('select id from document order by id')
  const used = await database.query(
    'select document_id as id from dossier union select document_id from draft where document_id is not null order by 1',
  )
  assert.deepEqual(kept.rows, used.rows)
}
