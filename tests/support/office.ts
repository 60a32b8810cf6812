import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createBot } from '../../bot/bot.ts'
import type { Turns } from '../../bot/turns.ts'
import { createWording } from '../../dialogs/wording.ts'
import { createTranslators } from '../../locales/translator.ts'
import { defaultLimits, type QuotaLimits } from '../../services/documents/quota.ts'
import { createPdfCheck, type PdfCheck, type PdfVerdict } from '../../services/documents/pdf-check/pdf-check.ts'
import { createKeyring, generateSecretKey, type Keyring } from '../../services/keys/keyring.ts'
import type { Log } from '../../services/log.ts'
import { demoMembers } from '../../services/members/demo-members.ts'
import type { RegisterEntry } from '../../services/members/register-file.ts'
import { noMetrics } from '../../services/metrics/metrics.ts'
import { writeMembers } from '../../services/members/register.ts'
import { createServices, type Services } from '../../services/services.ts'
import type { Database } from '../../services/storage/database.ts'
import { createInProcessEventBus } from '../../services/storage/embedded/event-bus.ts'
import { createInProcessLease } from '../../services/storage/embedded/lease.ts'
import type { EventBus } from '../../services/storage/event-bus.ts'
import { createTracing } from '../../services/tracing/tracing.ts'
import { openFreshDatabase } from './fresh-database.ts'
import { allOf, pieces } from './pieces.ts'
import { silentLog } from './silent-log.ts'
import { demoFacts } from './service-facts.ts'

export interface Office {
  readonly services: Services
  readonly database: Database
  readonly keyring: Keyring
  readonly turns: Turns
  readonly eventBus: EventBus
  /** The clock of everything: add to it and time has passed. */
  readonly clock: { at: Date }
  readonly newId: () => string
  /** Every line that was logged, as it would be written. */
  readonly logged: string[]
  /** The register says so from now on, of the members in `entries`. */
  register(entries: readonly RegisterEntry[]): Promise<void>
  /** Puts one more member on the register, with the RIB and the relatives of a demo member. @returns their PPR */
  newcomer(like?: string): Promise<string>
  /** As on the first day: nobody has said anything, and the demo members are as they were. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** Where syncs cost nothing, on systems that have it: what a conversation is about does not depend on the disk. */
const memoryDirectory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const firstDay = new Date('2026-11-24T10:00:00Z')

function writing(logged: string[]): Log {
  const write = (event: string, fields?: Readonly<Record<string, unknown>>) =>
    void logged.push(JSON.stringify({ event, ...fields }))
  return { info: write, warn: write, error: write }
}

/** A check of its own process for each kind of file, not for each time that a test attaches one. */
function checkingOnce(pdfCheck: PdfCheck): PdfCheck {
  const verdicts = new Map<string, PdfVerdict>()
  return {
    ...pdfCheck,
    async check(bytes) {
      const all = await allOf(bytes)
      const hash = createHash('sha256').update(all).digest('hex')
      const verdict = verdicts.get(hash) ?? (await pdfCheck.check(pieces(all)))
      verdicts.set(hash, verdict)
      return verdict
    },
  }
}

/** A test's few members stand for thousands. */
const generous = { ...defaultLimits, bytesKept: 1e12, filesADay: 1e6, dossiersADay: 1e6 }

/** An assistant with demo members and no server around it: what is said goes in as a channel puts it in. */
export async function openOffice({
  newId = (): string => randomUUID(),
  limits = generous,
}: { newId?: () => string; limits?: QuotaLimits } = {}): Promise<Office> {
  const fresh = await openFreshDatabase(memoryDirectory)
  const { database } = fresh
  const eventBus = createInProcessEventBus()
  const storage = { database, eventBus, lease: createInProcessLease() }
  const clock = { at: firstDay }
  const now = () => new Date(clock.at)
  const keyring = createKeyring(generateSecretKey())
  const services = createServices({ database, keyring, now, newId, limits })
  const translators = createTranslators()
  const wording = createWording(
    { portalUrl: 'https://fos.finances.gov.ma', service: demoFacts(), cndpReference: undefined },
    translators,
  )
  const pdfCheck = createPdfCheck({ log: silentLog })
  const logged: string[] = []
  const log = writing(logged)
  const turns = createBot({
    services,
    pdfCheck: checkingOnce(pdfCheck),
    storage,
    translators,
    wording,
    log,
    metrics: noMetrics,
    tracing: createTracing({ newId: randomUUID, now: () => performance.now() }),
    now,
    newId,
  })

  async function register(entries: readonly RegisterEntry[]): Promise<void> {
    await database.transaction(tx => writeMembers(tx, entries, { keyring, newId, demo: true }))
  }
  await register(demoMembers)
  let newcomers = 0

  return {
    services,
    database,
    keyring,
    turns,
    eventBus,
    clock,
    newId,
    logged,
    register,
    async newcomer(like = '1000001') {
      const model = demoMembers.find(({ ppr }) => ppr === like)
      const ppr = String(2_000_000 + ++newcomers)
      await register(model ? [{ ...model, ppr }] : [])
      return ppr
    },
    async clear() {
      clock.at = firstDay
      logged.length = 0
      await database.query(
        'truncate draft, dossier, document, file_intake, conversation, dossier_counter, audit, proactive_notice cascade',
      )
      await register(demoMembers)
    },
    async close() {
      await turns.stop()
      await pdfCheck.close()
      await fresh.close()
    },
  }
}
