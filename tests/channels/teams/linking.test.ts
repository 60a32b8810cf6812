import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { TeamsPerson } from '../../../emulator/teams-person.ts'
import { createPasswords } from '../../../services/accounts/passwords.ts'
import type { PersonResult } from '../../../services/directory/person.ts'
import { directoryOf, employee, startTeamsAssistant, type TeamsAssistant } from './support/assistant.ts'

const password = 'cheval batterie agrafe'

describe('nothing says who an account of Teams is, and its member does', () => {
  let server: TeamsAssistant
  before(async () => {
    server = await startTeamsAssistant()
    const hash = await createPasswords({ cost: { N: 2 ** 10, r: 8, p: 1 } }).hash(password)
    await server.database.query('update member set password_hash = $1', [hash])
  })
  after(() => server.close())

  interface Answered {
    readonly status: number
    readonly body: Record<string, unknown>
    readonly cookie: string
  }

  async function post(path: string, body: unknown, cookie = ''): Promise<Answered> {
    const response = await fetch(`${server.origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.origin, cookie },
      body: JSON.stringify(body),
    })
    return {
      status: response.status,
      body: await response.json(),
      cookie: response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '',
    }
  }

  const heard = (person: TeamsPerson, pattern: RegExp) =>
    person.waits(seen => pattern.test(seen.findLast(({ from }) => from === 'bot')?.text ?? ''))

  async function open(locale?: string): Promise<TeamsPerson> {
    const person = server.newPerson(locale)
    await person.installs()
    await person.waits(seen => seen.some(({ buttons }) => buttons.length > 0))
    return person
  }

  function linkOf(person: TeamsPerson): string {
    const button = person
      .sees()
      .flatMap(({ buttons }) => buttons)
      .findLast(({ kind }) => kind === 'opens')
    const url = new URL(String(button?.value))
    assert.equal(`${url.origin}${url.pathname}`, `${server.origin}/teams/link`)
    return url.hash.slice(1)
  }

  async function codeOf(link: string, ppr = '1000001'): Promise<string> {
    const page = await post('/teams/link/sign-in', { ppr, password, link })
    assert.equal(page.status, 200)
    const { accountName, ticket } = page.body['link'] as Record<string, string>
    assert.equal(accountName, 'Canary Name')
    const { body } = await post('/teams/link/code', { link, ticket })
    return String(body['code'])
  }

  it('by the page and its code, typed in the chat; from then on they are known', async () => {
    const person = await open()
    await person.says(await codeOf(linkOf(person)))
    await heard(person, /Votre compte Teams est lié/)
    await person.clicks('Demander')
    await heard(person, /Protection de vos données/)
  })

  it('in Arabic too, with the digits of either script', async () => {
    const person = await open('ar-MA')
    const code = await codeOf(linkOf(person), '1000002')
    await person.says([...code].map(digit => String.fromCodePoint(0x660 + Number(digit))).join(''))
    await heard(person, /تم ربط حسابكم/)
  })

  it('and whoever sent their own link to somebody else gets nothing from that one’s code', async () => {
    const [sender, victim] = [await open(), await open()]
    const code = await codeOf(linkOf(sender))
    await victim.says(code)
    await victim.waits(seen => seen.filter(({ buttons }) => buttons.some(({ kind }) => kind === 'opens')).length === 2)
    const { rows } = await server.database.query('select 1 from teams_account where account = any($1)', [
      [sender, victim].map(({ chat }) => chat.person.aadObjectId),
    ])
    assert.equal(rows.length, 0)
  })

  it('with five tries at most', async () => {
    const person = await open()
    const code = await codeOf(linkOf(person))
    const wrong = code === '000000' ? '000001' : '000000'
    for (const left of [/4 essais/, /3 essais/, /2 essais/, /1 essai\./, /ne peut plus être essayé/]) {
      await person.says(wrong)
      await heard(person, left)
    }
    await person.says(code)
    await person.waits(seen => seen.filter(({ buttons }) => buttons.some(({ kind }) => kind === 'opens')).length === 2)
  })

  it('not with a wrong password, from another site, or by a request that only reads', async () => {
    const link = linkOf(await open())
    assert.equal((await post('/teams/link/sign-in', { ppr: '1000001', password: 'faux', link })).status, 401)
    const foreign = await fetch(`${server.origin}/teams/link/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://attacker.example' },
      body: JSON.stringify({ ppr: '1000001', password, link }),
    })
    assert.equal(foreign.status, 403)
    const got = await fetch(`${server.origin}/teams/link/sign-in?link=${link}`)
    assert.ok(got.status >= 400)
    assert.match(await codeOf(link, '1000005'), /^\d{6}$/)
  })

  it('with five codes an hour for one member', async () => {
    const statuses: number[] = []
    for (let index = 0; index < 6; index++) {
      const link = linkOf(await open())
      statuses.push((await post('/teams/link/sign-in', { ppr: '1000004', password, link })).status)
    }
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429])
  })

  it('and unties it in the chat, by saying so', async () => {
    const person = await open()
    await person.says(await codeOf(linkOf(person), '1000003'))
    await heard(person, /est lié/)
    await person.says('Délier mon compte')
    await heard(person, /n'est plus lié/)
    await person.says('bonjour')
    await heard(person, /Pour vous reconnaître/)
  })

  it('or on the page, where nobody else can', async () => {
    const person = await open()
    await person.says(await codeOf(linkOf(person), '1000003'))
    await heard(person, /est lié/)
    const account = person.chat.person.aadObjectId
    const other = await post('/teams/link/sign-in', { ppr: '1000001', password })
    assert.equal((await post('/teams/link/untie', { account }, other.cookie)).status, 404)
    assert.equal((await post('/teams/link/untie', { account })).status, 401)
    const own = await post('/teams/link/sign-in', { ppr: '1000003', password })
    assert.deepEqual(own.body['tied'], [{ account, name: 'Canary Name' }])
    assert.equal((await post('/teams/link/untie', { account }, own.cookie)).status, 200)
  })

  it('and neither codes nor links nor names are in the log', () => {
    assert.doesNotMatch(server.logged.join('\n'), /Canary|100000\d|#|\b\d{6}\b.*code/)
  })
})

describe('the directory says who an account of Teams is', () => {
  const people = new Map<string, PersonResult>()
  let server: TeamsAssistant
  before(async () => void (server = await startTeamsAssistant({ directory: directoryOf(people) })))
  after(() => server.close())

  async function first(known: (id: string) => PersonResult | undefined, locale?: string) {
    const person = server.newPerson(locale)
    const id = person.chat.person.aadObjectId
    const one = known(id)
    if (one) people.set(id, one)
    await person.installs()
    await person.waits(seen => seen.some(({ from }) => from === 'bot'))
    return person
  }
  const words = (person: TeamsPerson) => person.sees().at(-1)?.text ?? ''

  it('a member, who is greeted by their name', async () => {
    assert.match(words(await first(id => employee(id, '1000001'))), /^Bonjour Youssef El Amrani/)
  })

  it('somebody who is in no directory, who is told where to go', async () => {
    assert.match(words(await first(() => undefined)), /ne figure pas dans l'annuaire.*https:\/\/fos/)
    assert.match(words(await first(() => undefined, 'ar-MA')), /غير موجود في دليل الإدارة/)
  })

  it('somebody whose account is disabled', async () => {
    assert.match(words(await first(id => ({ ...employee(id, '1000001'), enabled: false }))), /n'est plus actif/)
  })

  it('somebody whose number is on no register', async () => {
    assert.match(words(await first(id => employee(id, '7777777'))), /parmi les adhérents/)
  })

  it('a guest, and not by a number of another administration', async () => {
    assert.match(words(await first(id => ({ ...employee(id), guest: true }))), /ne figure pas/)
  })

  it('nothing now, and the member is told that nothing is lost', async () => {
    assert.match(words(await first(() => ({ found: false, reason: 'unavailable' }))), /Rien n'est perdu/)
  })

  it('nothing of their number, and they tie the account themselves', async () => {
    assert.match(words(await first(id => employee(id))), /Pour vous reconnaître/)
  })

  it('a member who has left since: refused once the answer is old', async () => {
    const person = await first(id => employee(id, '1000002'))
    const id = person.chat.person.aadObjectId
    people.set(id, { ...employee(id, '1000002'), enabled: false })
    server.clock.ahead += 11 * 60_000
    await person.says('aide')
    await person.waits(seen => /n'est plus actif/.test(seen.at(-1)?.text ?? ''))
  })

  it('a member still, while it is away for a while', async () => {
    const person = await first(id => employee(id, '1000002'))
    people.set(person.chat.person.aadObjectId, { found: false, reason: 'unavailable' })
    server.clock.ahead += 11 * 60_000
    await person.says('historique')
    await person.waits(seen => seen.length > 2)
    assert.doesNotMatch(words(person), /reconnaître/)
  })
})
