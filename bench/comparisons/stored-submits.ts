import { randomUUID } from 'node:crypto'
import { registerOf, type ProductionStores } from '../drivers/moussaada-production.ts'
import { identityOf, type Identity } from '../identity.ts'
import { createKeyring, generateSecretKey } from '../../services/keys/keyring.ts'
import type { CompleteDraft } from '../../services/requests/submission.ts'
import { createServices, type Services } from '../../services/services.ts'
import type { Database } from '../../services/storage/database.ts'
import { openPostgresDatabase } from '../../services/storage/postgres/postgres-database.ts'
import { silentLog } from '../../tests/support/silent-log.ts'

const now = () => new Date()

interface Base {
  readonly database: Database
  readonly services: Services
}

/** A draft with every answer given, stored with its document's row. */
async function completeDraft({ database, services }: Base, memberId: string, rib: string) {
  const { drafts, submissions } = services
  const [id, document] = [randomUUID(), { id: randomUUID(), name: 'dossier.pdf', pages: 1 }]
  const draft: CompleteDraft = {
    ...{ id, memberId, version: 1, language: 'fr', channel: 'webchat', startedAt: now(), updatedAt: now() },
    consent: { version: '1', language: 'fr', at: now() },
    ribHash: submissions.ribHash(rib),
    beneficiary: 'member',
    motif: 'oncology',
    document,
  }
  const row = `insert into document (id, dossier_id, member_id, state, name, pages, key_id, wrapped_key)
    values ($1, $2, $3, 'accepted', $4, $5, 'bench', '')`
  await database.query(row, [document.id, id, memberId, document.name, document.pages])
  await database.transaction(tx => drafts.make(tx, drafts.inserting(draft)))
  return draft
}

type Submit = () => Promise<unknown>

async function submitOf(base: Base, { ppr, rib }: Identity): Promise<Submit> {
  const { database, services } = base
  const member = await services.members.findByPpr(ppr)
  if (!member) throw new Error('a member is missing')
  const draft = await completeDraft(base, member.id, rib)
  const submission = { draft, read: 1, member, language: 'fr', at: now() } as const
  const reply = { conversationId: randomUUID(), positions: [] }
  return () => database.transaction(tx => services.submissions.store(tx, submission, reply))
}

/** @returns how many the database stores a second when `atOnce` transactions of a submit run at once, without any chat */
export async function storedSubmits(
  { postgres }: ProductionStores,
  { count, atOnce }: { count: number; atOnce: number },
) {
  const identities = Array.from({ length: count }, (_, index) => identityOf(index))
  const [databaseUrl, secretKey] = [await postgres.newDatabase(), generateSecretKey()]
  await registerOf(databaseUrl, secretKey, identities)
  const database = openPostgresDatabase({ databaseUrl, log: silentLog, connections: 2 * atOnce })
  const services = createServices({ database, keyring: createKeyring(secretKey), now, newId: randomUUID })
  const submits: Submit[] = []
  for (const identity of identities) submits.push(await submitOf({ database, services }, identity))
  const warm = submits.splice(0, Math.floor(count / 4))
  await runAll(warm, atOnce)
  const [begun, timed] = [performance.now(), submits.length]
  await runAll(submits, atOnce)
  const seconds = (performance.now() - begun) / 1000
  await database.close()
  return timed / seconds
}

async function runAll(submits: Submit[], atOnce: number): Promise<void> {
  const one = async () => {
    for (let next = submits.pop(); next; next = submits.pop()) await next()
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}
