import { randomUUID } from 'node:crypto'
import { createBot } from '../../bot/bot.ts'
import type { Turns } from '../../bot/turns.ts'
import { createWording } from '../../dialogs/wording.ts'
import { createTranslators } from '../../locales/translator.ts'
import { createPasswords } from '../../services/accounts/passwords.ts'
import { createPdfCheck } from '../../services/documents/pdf-check/pdf-check.ts'
import { createKeyring } from '../../services/keys/keyring.ts'
import { generateSecretKey } from '../../services/keys/keyring.ts'
import { seedDemoMembers } from '../../services/members/demo-members.ts'
import { createServices, type Services } from '../../services/services.ts'
import type { Database } from '../../services/storage/database.ts'
import type { EventBus } from '../../services/storage/event-bus.ts'
import type { Lease } from '../../services/storage/lease.ts'
import { silentLog } from './silent-log.ts'

export interface Office {
  readonly services: Services
  readonly database: Database
  readonly turns: Turns
  readonly eventBus: EventBus
  /** The clock of everything: add to it and time has passed. */
  readonly clock: { at: Date }
  readonly newId: () => string
  close(): Promise<void>
}

export interface OfficeStorage {
  readonly database: Database
  readonly eventBus: EventBus
  readonly lease: Lease
}

const noNotice = { contact: undefined, retention: undefined, cndpReference: undefined }
const cheap = { N: 2, r: 1, p: 1 }

/** An assistant with demo members and no server around it: what is said goes in as a channel puts it in. */
export async function openOffice(storage: OfficeStorage): Promise<Office> {
  const { database, eventBus } = storage
  const clock = { at: new Date('2026-11-24T10:00:00Z') }
  const now = () => new Date(clock.at)
  const newId = () => randomUUID()
  const keyring = createKeyring(generateSecretKey())
  const services = createServices({ database, keyring, now, newId })
  const translators = createTranslators()
  const wording = createWording({ portalUrl: 'https://fos.finances.gov.ma', notice: noNotice }, translators)
  const pdfCheck = createPdfCheck({ log: silentLog })
  const turns = createBot({ services, pdfCheck, storage, translators, wording, log: silentLog, now, newId })
  await seedDemoMembers({ database, passwords: createPasswords({ cost: cheap }), keyring, newId })
  return {
    services,
    database,
    turns,
    eventBus,
    clock,
    newId,
    async close() {
      await turns.stop()
      await pdfCheck.close()
    },
  }
}
