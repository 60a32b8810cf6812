import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { z } from 'zod'
import { copyTemplate } from '../support/fresh-database.ts'
import { newClientId, openMember, signIn } from '../support/direct-line-member.ts'
import { startServer, type ServerProcess } from '../support/server-process.ts'
import { openApplicant } from './support/applicant.ts'
import { lookInto } from './support/base.ts'
import { createRandom } from './support/random.ts'

const ppr = '1000001'
/** What belongs to a member, in any of its spellings. */
const secrets: Record<string, RegExp> = {
  'the PPR': /1000001/,
  'the RIB': /190\D{0,3}170\D{0,3}2111103742260015\D{0,3}07/,
  'the name': /Amrani/,
  'the name of a relative': /Berrada|Inès|ياسين/,
  'the name of a file': /dossier \d+\.pdf|CANARY-FILE/,
  'what was written': /CANARY-TEXT/,
  'the dialog state': /CANARY-STATE/,
  'a password': /CANARY-PASSWORD/,
  'a token': /eyJ[\w-]+\.eyJ/,
}

/** All that such a line may hold. */
const failedSchema = z.strictObject({
  level: z.literal(50),
  time: z.string(),
  event: z.literal('turn.failed'),
  trace: z.string().regex(/^[0-9a-f]{32}$/),
  code: z.string(),
  reference: z.string().regex(/^\d{6}$/),
  conversation: z.uuid(),
  causes: z.array(z.string()),
  cause: z.string(),
})

describe('an operator who reads the log of a whole run, errors and all', { timeout: 15 * 60_000 }, () => {
  let dataDir: string
  let server: ServerProcess
  const logs: string[] = []

  before(async () => {
    dataDir = await copyTemplate()
  })
  after(() => server.kill())

  async function run(work: () => Promise<void>): Promise<void> {
    server = await startServer({ dataDir, settings: { LOG_LEVEL: 'debug' } })
    await work()
    await server.stop()
    logs.push(server.output())
  }

  async function wholeRequest(): Promise<void> {
    const applicant = await openApplicant({ url: server.url, ppr, relatives: ['spouse'], random: createRandom(3) })
    await applicant.finishRequest()
    applicant.member.close()
  }

  async function talkAmiss(): Promise<void> {
    const member = await openMember({ url: server.url, ppr })
    const url = URL.createObjectURL(new Blob(['%PDF-1.7 damaged']))
    const file = { contentType: 'application/pdf', name: 'CANARY-FILE.pdf', contentUrl: url }
    for (const said of [{ text: 'CANARY-TEXT' }, { text: '190170211110374226001507' }, { attachments: [file] }]) {
      const clientId = newClientId()
      await member.sendSurely(clientId, { type: 'message', ...said })
      await member.answered(clientId)
    }
    member.close()
  }

  async function requestsThatFail(): Promise<void> {
    const { token } = await signIn(server.url, ppr)
    await signIn(server.url, ppr, 'CANARY-PASSWORD').catch(() => undefined)
    const domain = `${server.url}/v3/directline/conversations`
    const ask = (headers: Record<string, string>, body: string) => fetch(domain, { method: 'POST', headers, body })
    await ask({ authorization: `Bearer ${token.slice(0, -2)}` }, '{}')
    await ask({ authorization: `Bearer ${token}` }, '{"locale": CANARY-TEXT')
    await fetch(`${server.url}/signin`, { method: 'POST', headers: { origin: server.url }, body: `{"ppr": "${ppr}` })
  }

  /** A turn that cannot be: what is stored of it is no JSON, and quotes itself in the parser's error. */
  const breakState = () =>
    lookInto(dataDir, ({ database }) =>
      database.query(`update conversation set state = 'CANARY-STATE', language = language`),
    )

  /** No draft is taken any more: PostgreSQL's refusal quotes the whole row. */
  const refuseDrafts = () =>
    lookInto(dataDir, ({ database }) =>
      database.query(`alter table draft add constraint no_draft check (false) not valid`),
    )

  /** @returns what the member is told of a turn that failed */
  async function failedTurn(): Promise<string> {
    const random = createRandom(4)
    const applicant = await openApplicant({ url: server.url, ppr, relatives: [], random, mayApologise: true })
    for (let answers = 0; applicant.apologies() === 0; answers++) {
      assert.ok(answers < 20, 'a turn fails')
      await applicant.goOn()
    }
    applicant.member.close()
    return applicant.member.shown().at(-1)?.text ?? ''
  }

  it('finds nothing that belongs to a member', async () => {
    await run(async () => {
      await wholeRequest()
      await talkAmiss()
      await requestsThatFail()
    })
    await breakState()
    await run(talkAmiss)
    assert.match(logs.join('\n'), /"event":"turn.done"/)
    assertNoSecrets()
  })

  it('finds a turn that failed by the reference that its member was told, and nothing of theirs', async () => {
    dataDir = await copyTemplate()
    await refuseDrafts()
    let told = ''
    await run(async () => void (told = await failedTurn()))
    const lines = (logs.at(-1) ?? '').split('\n').filter(line => line.includes('"turn.failed"'))
    assert.equal(lines.length, 1)
    const line = failedSchema.parse(JSON.parse(lines[0] ?? ''))
    assert.equal(line.code, 'database.failed')
    assert.deepEqual(line.causes, ['database.failed', '23514'])
    assert.ok(told.includes(line.reference), told)
    assert.match(line.cause, /^DatabaseError: the database answered 23514\n/)
    assertNoSecrets()
  })

  function assertNoSecrets(): void {
    const log = logs.join('\n')
    for (const [what, secret] of Object.entries(secrets))
      assert.ok(!secret.test(log), `${what}: ${secret.exec(log)?.[0]}`)
  }
})
