import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { demoPeople } from '../../../emulator/demo-people.ts'
import { startEmulator, type Emulator } from '../../../emulator/start-emulator.ts'
import { createTeamsPerson, type TeamsPerson } from '../../../emulator/teams-person.ts'
import { generateSecretKey } from '../../../services/keys/keyring.ts'
import { startTcpProxy } from '../../faults/support/tcp-proxy.ts'
import { plainPdf } from '../../support/pdfs.ts'
import { startPrivatePostgres, type PrivatePostgres } from '../../support/private-postgres.ts'
import { startPrivateRedis, type PrivateRedis } from '../../support/private-redis.ts'
import { statusFile } from '../../support/proactive.ts'
import { ownFolder, startServer, type ServerProcess } from '../../support/server-process.ts'

const PATIENCE_MS = 60_000

describe(
  'a member in Teams whose assistant runs in two instances on PostgreSQL and Redis',
  { timeout: 300_000 },
  () => {
    let postgres: PrivatePostgres
    let redis: PrivateRedis
    let emulator: Emulator
    let folder: Awaited<ReturnType<typeof ownFolder>>
    let line: Awaited<ReturnType<typeof startTcpProxy>>
    let settings: Record<string, string>
    const servers: ServerProcess[] = []
    let person: TeamsPerson

    before(async () => {
      ;[postgres, redis, emulator, folder] = await Promise.all([
        startPrivatePostgres(),
        startPrivateRedis(),
        startEmulator(),
        ownFolder('teams-production'),
      ])
      const stores = {
        DATABASE_URL: await postgres.newDatabase(),
        REDIS_URL: redis.url,
        SECRET_KEY: generateSecretKey(),
      }
      settings = { ...emulator.settings, ...stores, HOST: '127.0.0.1', DEMO_DATA: 'on' }
      for (let index = 0; index < 2; index++) servers.push(await startServer({ dataDir: folder.path, settings }))
      line = await startTcpProxy(() => servers.map(({ url }) => Number(new URL(url).port)))
      emulator.connector.setBotUrl(`http://127.0.0.1:${line.port}/api/messages`)
      const [youssef] = demoPeople
      assert.ok(youssef)
      person = createTeamsPerson(emulator, youssef)
    })
    after(async () => {
      await Promise.all(servers.map(server => server.kill()))
      await Promise.all([line.close(), emulator.close(), postgres.close(), redis.close(), folder.remove()])
    })

    const shown = () => JSON.stringify(person.sees())
    const sees = (pattern: RegExp) => person.waits(() => pattern.test(shown()), PATIENCE_MS)

    it('gets a dossier, whichever instance takes what they say, and hears of its new status', async () => {
      await person.installs()
      await sees(/Demander/)
      await person.clicks('Demander')
      await sees(/Protection de vos données/)
      await person.clicks("J'ai lu et j'accepte")
      await sees(/1507/)
      await person.clicks('Confirmer')
      await sees(/Adhérent\(e\)/)
      await person.clicks('Adhérent(e)')
      await sees(/Maladie oncologique/)
      await person.says('maladie oncologique')
      await sees(/PDF/)
      await person.sendsFile(plainPdf(), 'dossier.pdf')
      await sees(/Vérifiez votre demande/)
      await person.clicks('Terminer')
      await sees(/AES-\d{4}-000001/)
      const [number = ''] = /AES-\d{4}-000001/.exec(shown()) ?? []

      const path = join(folder.path, 'statuses.csv')
      await writeFile(path, statusFile([number, 'accepted']))
      const env = { PATH: process.env['PATH'], DATA_DIR: folder.path, LANG: 'fr_MA.UTF-8', ...settings }
      const { promise, resolve } = Promise.withResolvers<string>()
      execFile(process.execPath, ['scripts/dossier-status.ts', path], { env }, (error, out, err) =>
        resolve(`${error ? 'failed: ' : ''}${out}${err}`),
      )
      assert.doesNotMatch(await promise, /^failed/)
      // The receipt holds the number too, and the notice's card was the last to say that something was accepted.
      const newest = () => JSON.stringify(person.sees().findLast(({ from }) => from === 'bot'))
      await person.waits(() => newest().includes(number) && /accepté/i.test(newest()), PATIENCE_MS)
    })

    it('is answered once when Teams delivers what they say ten times at once, to both', async () => {
      const { connector } = emulator
      const answers = () => person.sees().filter(({ from }) => from === 'bot').length
      for (const text of ['aide', 'historique', 'aide', 'historique', 'aide', 'historique']) {
        const before = answers()
        const activity = connector.activityOf(person.chat, { type: 'message', text })
        await Promise.all(Array.from({ length: 10 }, () => connector.webhook.deliver(activity)))
        await person.waits(() => answers() > before, PATIENCE_MS)
        await delay(300)
        assert.equal(answers(), before + 1, text)
      }
    })
  },
)
