import { randomUUID } from 'node:crypto'
import { createBot } from '../../../../bot/bot.ts'
import type { Turns } from '../../../../bot/turns.ts'
import type { Directory } from '../../../../services/directory/directory.ts'
import type { Person, PersonResult } from '../../../../services/directory/person.ts'
import { createPdfCheck } from '../../../../services/documents/pdf-check/pdf-check.ts'
import { demoMembers } from '../../../../services/members/demo-members.ts'
import { writeMembers } from '../../../../services/members/register.ts'
import { noMetrics } from '../../../../services/metrics/metrics.ts'
import { createTracing } from '../../../../services/tracing/tracing.ts'
import { silentLog } from '../../../support/silent-log.ts'
import { startTeamsServer, type TeamsBase, type TeamsServerOptions } from './teams-server.ts'

export type TeamsAssistant = Awaited<ReturnType<typeof startTeamsAssistant>>

/** The whole assistant behind the channel, with the demo members on its register. */
export async function startTeamsAssistant(options: TeamsServerOptions = {}) {
  const pdfCheck = createPdfCheck({ log: silentLog })
  let turns: Turns | undefined
  const server = await startTeamsServer({
    ...options,
    turns(base) {
      const tracing = createTracing({ newId: randomUUID, now: () => performance.now() })
      const parts = { ...base, ...base.identity, storage: base, pdfCheck, metrics: noMetrics, tracing }
      const begun = createBot({ ...parts, newId: randomUUID })
      turns = begun
      const { wake, takeAtOnce, stop } = begun
      return { wake, takeAtOnce, settled: stop }
    },
  })
  await register(server)
  return {
    ...server,
    wake: (conversationId: string) => turns?.wake(conversationId),
    async close(): Promise<void> {
      await server.close()
      await pdfCheck.close()
    },
  }
}

async function register({ database, keyring }: TeamsBase): Promise<void> {
  await database.transaction(tx => writeMembers(tx, demoMembers, { keyring, newId: randomUUID, demo: true }))
}

/** A directory that knows these people by their Teams account. */
export function directoryOf(people: ReadonlyMap<string, PersonResult>): Pick<Directory, 'personOf'> {
  return {
    personOf: (account: string) =>
      Promise.resolve(people.get(account.toLowerCase()) ?? ({ found: false, reason: 'unknown' } as const)),
  }
}

/** Somebody whose employee number is this one. */
export const employee = (id: string, employeeId?: string): Person => ({
  found: true,
  id,
  displayName: 'Canary Name',
  enabled: true,
  guest: false,
  ...(employeeId !== undefined && { employeeId }),
})
