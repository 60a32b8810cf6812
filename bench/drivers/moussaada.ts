import { randomBytes, randomUUID } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeyring } from '../../services/keys/keyring.ts'
import { loadOrCreateSecretKey } from '../../services/keys/secret-key-file.ts'
import { writeMembers } from '../../services/members/register.ts'
import { openEmbeddedDatabase } from '../../services/storage/embedded/embedded-database.ts'
import { migrate } from '../../services/storage/migrate.ts'
import { startServer } from '../../tests/support/server-process.ts'
import { silentLog } from '../../tests/support/silent-log.ts'
import type { Identity } from '../identity.ts'
import type { Peer, RunningPeer } from '../peer.ts'
import { openSeat } from './direct-line-seat.ts'

/** A data directory with these members, which every round gets a copy of. */
export async function prepareData(identities: readonly Identity[]): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'moussaada-bench-'))
  const database = await openEmbeddedDatabase({ dataDir, log: silentLog })
  await migrate(database, { log: silentLog })
  const keyring = createKeyring(await loadOrCreateSecretKey(dataDir))
  const entries = identities.map(identity => ({ ...identity, relatives: [] }))
  await database.transaction(tx => writeMembers(tx, entries, { keyring, newId: randomUUID }))
  await database.close()
  return dataDir
}

/** The whole product as it starts by default, with its base on the disk, tokens checked, through Direct Line. */
export function moussaada(prepared: string): Peer {
  return {
    name: 'Moussaada, embedded base',
    async prepare() {
      const dataDir = await mkdtemp(join(tmpdir(), 'moussaada-bench-round-'))
      await cp(prepared, dataDir, { recursive: true })
      return { start: () => startOn(dataDir) }
    },
  }
}

async function startOn(dataDir: string): Promise<RunningPeer> {
  const secret = randomBytes(32).toString('hex')
  const server = await startServer({ dataDir, settings: { DIRECTLINE_SECRET: secret } })
  const port = Number(new URL(server.url).port)
  return {
    pid: server.pid,
    openSeat: identity => openSeat({ port, secret }, identity),
    async stop() {
      await server.kill()
      await rm(dataDir, { recursive: true })
    },
  }
}
