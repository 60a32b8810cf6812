import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { randomUUID } from 'node:crypto'
import type { GraphFault, GraphOperation } from '../../../emulator/graph/faults.ts'
import { openFreshDatabase, type FreshDatabase } from '../../support/fresh-database.ts'
import { mailFrom, openDesk, type Desk } from './support/desk.ts'
import { createManualJobs } from './support/manual-jobs.ts'

const manual = createManualJobs()
let fresh: FreshDatabase
let desk: Desk

before(async () => {
  fresh = await openFreshDatabase()
  desk = await openDesk({ database: fresh.database, jobs: manual.jobs, settings: { mail: { from: mailFrom } } })
})
after(async () => {
  await desk.close()
  await fresh.close()
})
afterEach(() => {
  desk.cloud.emulated.faults.clear()
  desk.cloud.emulated.asked.length = 0
})

const once = (dossier: { id: string }) => manual.attempt('dossier-mail', { dossier: dossier.id })

async function untilOver(dossier: { id: string }): Promise<(string | undefined)[]> {
  const codes: (string | undefined)[] = []
  for (let tries = 0; tries < 8; tries++) {
    const code = await once(dossier)
    if (code === undefined) return codes
    codes.push(code)
    desk.clock.at += 60_000
  }
  return assert.fail(`not over: ${codes.join(' ')}`)
}

const lettersAbout = ({ id }: { id: string }) =>
  desk.cloud.emulated.mail
    .delivered()
    .filter(mail => mail.singleValueExtendedProperties.some(({ value }) => value === id))
const draftsAbout = ({ id }: { id: string }) =>
  desk.cloud.emulated.mail.messages.filter(
    mail => mail.isDraft && mail.singleValueExtendedProperties.some(({ value }) => value === id),
  )
const stateOf = async ({ id }: { id: string }) => {
  const row = await desk.row(id, 'mail')
  return [row?.['state'], row?.['reason']]
}

describe('a member wants the number of the dossier by mail, in their language', () => {
  for (const [language, subject, open] of [
    ['fr', 'FOSMEF : nous avons bien reçu votre demande', '<html lang="fr-MA" dir="ltr">'],
    ['ar', 'مؤسسة الأعمال الاجتماعية: توصلنا بطلبكم', '<html lang="ar-MA" dir="rtl">'],
  ] as const) {
    it(`gets it in ${language}, and nothing that says what it is about`, async () => {
      const dossier = await desk.submit({ language })
      assert.deepEqual(await untilOver(dossier), [])
      const [letter, ...others] = lettersAbout(dossier)
      assert.deepEqual(others, [])
      assert.equal(letter?.subject, subject)
      assert.deepEqual(
        letter.toRecipients.map(to => to.emailAddress.address),
        ['youssef@fosmef.example'],
      )
      const { contentType, content } = letter.body
      assert.equal(contentType, 'html')
      assert.ok(content.includes(open))
      assert.ok(content.includes(`<bdi dir="ltr">${dossier.number}</bdi>`))
      assert.ok(content.includes('Youssef &lt;El&gt; Amrani'))
      assert.doesNotMatch(`${subject}${content}`, /oncolog|maladie|santé|motif|سرطان|مرض|صحة|\.pdf/i)
      // What a list of mails shows has no number either.
      const preview = content.replaceAll(/<[^>]*>/g, ' ').slice(0, 60)
      assert.doesNotMatch(subject + preview, /AES/)
      assert.deepEqual(await stateOf(dossier), ['done', null])
    })
  }

  it('gets it at the account that is theirs in Teams, when the directory has no employee number', async () => {
    const account = randomUUID()
    desk.cloud.emulated.people.add({ id: account, userPrincipalName: 'n', displayName: 'N', mail: 'n@fosmef.example' })
    const dossier = await desk.submit({ person: null })
    await fresh.database.query(
      `insert into teams_account (account, member_id, source, name, checked_at) values ($1, $2, 'link', 'N', now())`,
      [account, dossier.memberId],
    )
    await untilOver(dossier)
    assert.deepEqual(
      lettersAbout(dossier).map(mail => mail.toRecipients[0]?.emailAddress.address),
      ['n@fosmef.example'],
    )
  })

  for (const [who, person, reason] of [
    ['has no mailbox', {}, 'no-address'],
    ['is not in the directory', null, 'not-in-the-directory'],
    ['has left', { mail: 'x@fosmef.example', accountEnabled: false }, 'account-not-in-use'],
    ['is a guest', { mail: 'x@elsewhere.example', userType: 'Guest' }, 'account-not-in-use'],
  ] as const) {
    it(`gets none who ${who}, and that is on record`, async () => {
      const dossier = await desk.submit({ person })
      assert.deepEqual(await untilOver(dossier), [])
      assert.deepEqual(await stateOf(dossier), ['skipped', reason])
      assert.deepEqual([lettersAbout(dossier), draftsAbout(dossier)], [[], []])
    })
  }
})

const lost = { acted: true } as const
const faults: [what: string, operation: GraphOperation, fault: GraphFault, times?: number][] = [
  ['cannot say who the member is', 'person', { kind: 'status', status: 503 }],
  ['asks for rest', 'draft', { kind: 'status', status: 429, retryAfterSeconds: 40 }],
  ['is away for the draft', 'draft', { kind: 'reset' }],
  ['makes the draft and answers 504', 'draft', { kind: 'status', status: 504, ...lost }],
  ['makes two drafts and loses both answers', 'draft', { kind: 'reset', ...lost }, 2],
  ['is slow to make the draft', 'draft', { kind: 'slow', ms: 4000 }],
  ['is away for the sending', 'send', { kind: 'status', status: 503 }],
  ['asks for rest at the sending', 'send', { kind: 'status', status: 429, retryAfterSeconds: 40 }],
  ['sends and answers 504', 'send', { kind: 'status', status: 504, ...lost }],
  ['sends and breaks the connection', 'send', { kind: 'reset', ...lost }],
  ['is slow to send', 'send', { kind: 'slow', ms: 4000 }],
  ['cannot say what is sent', 'find-message', { kind: 'status', status: 500 }],
]

describe('Exchange stumbles, and a member wants one mail all the same', () => {
  for (const [what, operation, fault, times = 1] of faults) {
    it(`gets exactly one when Graph ${what}`, async () => {
      const dossier = await desk.submit()
      desk.cloud.emulated.faults.plan(fault, { operation, times })
      const codes = await untilOver(dossier)
      assert.equal(codes.length > 0, true, 'no try failed: the fault did not bite')
      assert.equal(lettersAbout(dossier).length, 1)
      assert.deepEqual(draftsAbout(dossier), [])
      await once(dossier)
      assert.equal(lettersAbout(dossier).length, 1)
    })
  }

  it('gets exactly one of two tries at the same time', async () => {
    const dossier = await desk.submit()
    await Promise.all([once(dossier), once(dossier)])
    await untilOver(dossier)
    assert.equal(lettersAbout(dossier).length, 1)
  })

  it('gets no second one when somebody has tidied the mailbox', async () => {
    const dossier = await desk.submit()
    desk.cloud.emulated.faults.plan({ kind: 'reset', acted: true }, { operation: 'send' })
    await once(dossier)
    const { messages } = desk.cloud.emulated.mail
    messages.splice(0)
    assert.deepEqual(await untilOver(dossier), [])
    assert.deepEqual(await stateOf(dossier), ['done', 'unconfirmed'])
    assert.equal(messages.length, 0)
  })
})

describe('an operator reads the log', () => {
  it('finds nothing of anybody in it', () => {
    assert.ok(desk.logged.length > 10)
    assert.doesNotMatch(desk.logged.join('\n'), /AES-|Amrani|youssef|@/)
  })
})
