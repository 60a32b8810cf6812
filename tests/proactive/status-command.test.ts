import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { changeStatuses } from '../../bot/operator/status-command.ts'
import { createOperatorWords } from '../../locales/operator-words.ts'
import { openChat, type Chat } from '../support/chat.ts'
import { openOffice, type Office } from '../support/office.ts'
import { openProactive } from '../support/proactive.ts'
import { goTo } from '../support/shortcuts.ts'

const header = 'number;status'

describe('an operator who sets statuses', () => {
  let office: Office
  let parts: ReturnType<typeof openProactive>
  let chat: Chat
  let directory = ''
  let path = ''
  before(async () => {
    office = await openOffice()
    parts = openProactive(office.database, { now: () => new Date(office.clock.at) })
    chat = await openChat(office, { ppr: '1000001', language: 'fr' })
    await goTo(office, chat, { to: 'submitted' })
    await goTo(office, chat, { to: 'submitted' })
    directory = await mkdtemp(join(tmpdir(), 'moussaada-statuses-'))
    path = join(directory, 'statuses.csv')
  })
  after(async () => {
    await rm(directory, { recursive: true })
    await office.close()
  })

  async function run(lines: readonly string[], language: 'fr' | 'ar' = 'fr') {
    await writeFile(path, `\ufeff${lines.join('\r\n')}\r\n`)
    const printed: string[] = []
    const code = await changeStatuses({
      args: [path],
      directory: '/',
      words: createOperatorWords(language),
      print: line => void printed.push(line),
      open: async () => ({ statusChanges: parts.statusChanges, close: () => undefined }),
    })
    return { code, printed }
  }
  async function statuses(): Promise<string[]> {
    const { rows } = await office.database.query('select status from dossier order by number')
    return rows.map(({ status }) => String(status))
  }
  const count = async (table: string, condition = 'true') =>
    (await office.database.query(`select 1 from ${table} where ${condition}`)).rows.length

  it('reads every mistake with its line, and nothing has changed', async () => {
    const { code, printed } = await run([
      header,
      'AES-2026-000001;accepted',
      'AES-26-1;accepted',
      'AES-2026-000002;perhaps',
      'AES-2026-000099;paid',
      'AES-2026-000001;paid',
      'AES-2026-000002;paid;more',
    ])
    assert.equal(code, 1)
    assert.deepEqual(
      printed.map(line => /^Ligne (\d)(?:, colonne « (\w+) »)?/.exec(line)?.slice(1).join(' ') ?? line),
      ['3 number', '4 status', '5 number', '6 number', '7 ', "Aucun statut n'a été changé. Points à corriger : 5."],
    )
    assert.deepEqual(await statuses(), ['received', 'received'])
    assert.equal(await count('proactive_notice'), 0)
  })

  it('reads them in Arabic too, and what cannot be read at all', async () => {
    const { printed } = await run([header, 'AES-2026-000099;paid'], 'ar')
    assert.match(printed[0] ?? '', /السطر/)
    for (const lines of [['numero;statut', 'x;y'], [header], [header, '"AES;paid']]) {
      const { code } = await run(lines)
      assert.equal(code, 1)
    }
    assert.deepEqual(await statuses(), ['received', 'received'])
  })

  it('changes all of a file, by code or by the words that members read, with event, audit and notice', async () => {
    const { code, printed } = await run([
      'status,number',
      'En cours de traitement,aes-2026-000001',
      'PAID,AES-2026-000002',
    ])
    assert.equal(code, 0, printed.join('\n'))
    assert.match(printed.join(), /changé : 2\. .*déjà : 0\./)
    assert.deepEqual(await statuses(), ['inReview', 'paid'])
    assert.equal(await count('dossier_event', "kind = 'status'"), 2)
    assert.equal(await count('audit', "action = 'dossier.status'"), 2)
    assert.equal(await count('proactive_notice', 'taken_at is null'), 2)
  })

  it('tells nobody again when the same file is run again', async () => {
    const { code, printed } = await run([header, 'AES-2026-000001;inReview', 'AES-2026-000002;paid'])
    assert.equal(code, 0)
    assert.match(printed.join(), /changé : 0\. .*déjà : 2\./)
    assert.equal(await count('proactive_notice'), 2)
  })

  it('is told how to call it', async () => {
    const script = new URL('../../scripts/dossier-status.ts', import.meta.url).pathname
    const { promise, resolve } = Promise.withResolvers<{ code: unknown; output: string }>()
    const env = { PATH: process.env['PATH'], LANG: 'fr_MA.UTF-8' }
    execFile(process.execPath, [script], { env }, (error, output) => resolve({ code: error?.code, output }))
    const { code, output } = await promise
    assert.equal(code, 2)
    assert.match(output, /dossiers:status -- FICHIER\.csv/)
  })
})
