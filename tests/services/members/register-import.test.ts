import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { AppError } from '../../../services/errors.ts'
import { hasDemoMembers, seedDemoMembers } from '../../../services/members/demo-members.ts'
import type { ActivationCode, ImportOptions } from '../../../services/members/register-import.ts'
import { type Accounts, openAccounts } from '../../support/accounts.ts'

const rib = '190170211110374226001507'
const otherRib = '007810000123450000678902'
const file = (...lines: string[]) => Buffer.from(['ppr;lien;nom;rib', ...lines].join('\n'))

describe('an operator who imports the register', () => {
  let accounts: Accounts
  before(async () => (accounts = await openAccounts()))
  after(async () => await accounts.close())

  async function importFile(bytes: Uint8Array, options: Partial<ImportOptions> = {}) {
    const kept: ActivationCode[] = []
    const result = await accounts.registerImport.run(
      bytes,
      { replaceDemo: false, newCodes: false, ...options },
      async codes => {
        kept.push(...codes)
      },
    )
    return { result, kept }
  }

  it('finds members, relatives in order, and a code for each member', async () => {
    const { result, kept } = await importFile(
      file(`1;adherent;Ali Alami;${rib}`, '1;conjoint;منى العلمي;', '1;enfant;Sara Alami;', '2;adherent;Zoé Bennis;'),
    )
    const counts = { added: 2, updated: 0, disabled: 0, codes: 2, removedDemo: { members: 0, dossiers: 0 } }
    assert.deepEqual(result, { ok: true, ...counts })
    const ali = await accounts.members.findByPpr('1')
    assert.equal(ali?.rib, rib)
    assert.deepEqual(
      ali?.relatives.map(({ kind, name }) => [kind, name]),
      [
        ['spouse', 'منى العلمي'],
        ['child', 'Sara Alami'],
      ],
    )
    assert.equal((await accounts.members.findByPpr('2'))?.rib, undefined)
    assert.deepEqual(
      kept.map(({ ppr }) => ppr),
      ['1', '2'],
    )
    assert.match(kept[0]?.code ?? '', /^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{2}$/)
  })

  it('imports nothing when one line is wrong', async () => {
    const { result, kept } = await importFile(file('3;adherent;Good Name;', '4;adherent;Bad Rib;123'))
    assert.equal(result.ok, false)
    assert.equal(await accounts.members.findByPpr('3'), undefined)
    assert.deepEqual(kept, [])
  })

  it('is told of a member who is known by a number with other zeros, and nobody is there twice', async () => {
    const { result } = await importFile(file('5;adherent;New Person;', '0002;adherent;Zoé Bennis;'))
    const problems = [{ line: 3, code: 'ppr.zeros', column: 'ppr' }]
    assert.deepEqual(result, { ok: false, reason: 'problems', problems })
    assert.equal(await accounts.members.findByPpr('5'), undefined)
    assert.equal(await accounts.members.findByPpr('0002'), undefined)
  })

  it('changes RIB, name and relatives by a second import, and nobody loses id or password', async () => {
    const before = await accounts.members.findByPpr('1')
    await accounts.database.query("update member set password_hash = 'kept' where ppr = '1'")
    const { result, kept } = await importFile(
      file(
        `1;adherent;Ali El Alami;${otherRib}`,
        '1;enfant;Sara Alami;',
        '1;enfant;Omar Alami;',
        '1;conjoint;Nora Alami;',
      ),
    )
    assert.deepEqual(
      { ...result, kept },
      { ok: true, added: 0, updated: 1, disabled: 0, codes: 0, removedDemo: { members: 0, dossiers: 0 }, kept: [] },
    )
    const after = await accounts.members.findByPpr('1')
    assert.deepEqual([after?.id, after?.name, after?.rib], [before?.id, 'Ali El Alami', otherRib])
    assert.deepEqual(
      after?.relatives.map(({ name }) => name),
      ['Sara Alami', 'Omar Alami', 'Nora Alami'],
    )
    const idOf = (member: typeof before, name: string) => member?.relatives.find(relative => relative.name === name)?.id
    assert.equal(idOf(after, 'Sara Alami'), idOf(before, 'Sara Alami'))
    assert.notEqual(idOf(after, 'Nora Alami'), idOf(before, 'منى العلمي'))
    const { rows } = await accounts.database.query("select password_hash, activation_hash from member where ppr = '1'")
    assert.equal(rows[0]?.password_hash, 'kept')
    assert.ok(await accounts.members.findByPpr('2'), 'who is not in the file stays')
  })

  it('takes a RIB away when the register no longer has one', async () => {
    await importFile(file('1;adherent;Ali El Alami;'))
    assert.equal((await accounts.members.findByPpr('1'))?.rib, undefined)
  })

  it('imports nothing when the codes cannot be kept', async () => {
    const keep = () => Promise.reject(new AppError('operator.broken', 'the codes could not be written'))
    const run = accounts.registerImport.run(
      file('5;adherent;New Person;'),
      { replaceDemo: false, newCodes: false },
      keep,
    )
    await assert.rejects(run, { code: 'operator.broken' })
    assert.equal(await accounts.members.findByPpr('5'), undefined)
  })

  it('gives new codes to everybody in the file when asked', async () => {
    const { result, kept } = await importFile(file('1;adherent;Ali El Alami;'), { newCodes: true })
    assert.deepEqual(result.ok && [result.updated, result.codes], [1, 1])
    assert.equal(kept.length, 1)
  })

  it('finds RIBs and codes nowhere in the stored rows', async () => {
    const { kept } = await importFile(file(`6;adherent;Sealed Person;${rib}`))
    const { rows } = await accounts.database.query(
      "select m::text || encode(rib_sealed, 'escape') as dump from member m where ppr = '6'",
    )
    const dump = String(rows[0]?.dump)
    const hexOf = (text: string) => Buffer.from(text).toString('hex')
    for (const secret of [rib, hexOf(rib), kept[0]?.code ?? '?']) assert.ok(!dump.includes(secret))
  })

  it('leaves two imports at once with each member once', async () => {
    const both = await Promise.all([importFile(file('7;adherent;A B;')), importFile(file('7;adherent;A B;'))])
    assert.equal(both.filter(({ result }) => result.ok && result.added === 1).length, 1)
  })
})

describe('an operator whose base has demo accounts', () => {
  let accounts: Accounts
  before(async () => (accounts = await openAccounts()))
  after(async () => await accounts.close())
  const keep = async () => undefined

  it('finds them once, however often the server starts', async () => {
    assert.deepEqual([await seedDemoMembers(accounts), await seedDemoMembers(accounts)], [true, false])
    const names = await Promise.all(
      [1, 2, 3, 4, 5].map(async last => await accounts.members.findByPpr(`100000${last}`)),
    )
    assert.deepEqual(
      names.map(member => member?.relatives.length),
      [3, 0, 0, 0, 1],
    )
    assert.equal(names[0]?.rib, rib)
    assert.equal(names[2]?.rib, undefined)
  })

  it('is refused, and told how many there are', async () => {
    await insertDossier(accounts, '1000001')
    const result = await accounts.registerImport.run(
      file('1;adherent;A B;'),
      { replaceDemo: false, newCodes: false },
      keep,
    )
    assert.deepEqual(result, { ok: false, reason: 'demoPresent', demo: { members: 5, dossiers: 1 } })
    assert.equal(await accounts.members.findByPpr('1'), undefined)
  })

  it('has them removed with their dossiers when asked, and they do not come back', async () => {
    const result = await accounts.registerImport.run(
      file('1000001;adherent;Real Person;'),
      { replaceDemo: true, newCodes: false },
      keep,
    )
    assert.deepEqual(result, {
      ok: true,
      added: 1,
      updated: 0,
      disabled: 0,
      codes: 1,
      removedDemo: { members: 5, dossiers: 1 },
    })
    assert.equal((await accounts.members.findByPpr('1000001'))?.name, 'Real Person')
    assert.equal(await accounts.members.findByPpr('1000002'), undefined)
    for (const table of ['dossier', 'document', 'session', 'draft'])
      assert.deepEqual((await accounts.database.query(`select 1 from ${table}`)).rows, [], table)
    assert.equal(await hasDemoMembers(accounts.database), false)
    assert.equal(await seedDemoMembers(accounts), false)
  })
})

async function insertDossier({ database, members }: Accounts, ppr: string): Promise<void> {
  const memberId = (await members.findByPpr(ppr))?.id
  const [dossier, document] = [randomUUID(), randomUUID()]
  await database.query(
    `insert into document (id, dossier_id, member_id, state, name, key_id, wrapped_key)
     values ($1, $2, $3, 'accepted', 'a.pdf', 'k', '')`,
    [document, dossier, memberId],
  )
  await database.query(
    `insert into dossier (id, number, member_id, beneficiary, motif, document_id, rib_sealed, consent_version,
       consent_language, consent_at, language, channel, submitted_at)
     values ($1, 'AES-2026-000001', $2, 'member', 'oncology', $3, '', '1', 'fr', now(), 'fr', 'webchat', now())`,
    [dossier, memberId, document],
  )
}

describe('an operator with a register that members have left', () => {
  let accounts: Accounts
  before(async () => (accounts = await openAccounts()))
  after(async () => await accounts.close())

  const importLines = async (lines: readonly string[], options: Partial<ImportOptions> = {}) =>
    await accounts.registerImport.run(
      file(...lines),
      { replaceDemo: false, newCodes: false, ...options },
      async codes => void Object.assign(given, Object.fromEntries(codes.map(({ ppr, code }) => [ppr, code]))),
    )
  const given: Record<string, string> = {}
  const lines = ['1;adherent;Ali Alami;', '2;adherent;Zoé Bennis;', '3;adherent;Sara Tazi;']
  const password = 'une phrase à moi'
  const signIn = async () => (await accounts.signIn.signIn({ ppr: '3', password, address: '192.0.2.1' })).ok

  it('ends their access, and nobody else’s, when told to', async () => {
    await importLines(lines)
    const activated = await accounts.signIn.activate({ ppr: '3', code: given['3'] ?? '', password })
    assert.equal(activated.ok && (await signIn()), true)
    const kept = await importLines(lines.slice(0, 2))
    assert.equal(kept.ok && kept.disabled, 0)
    assert.equal(await signIn(), true)
    const left = await importLines(lines.slice(0, 2), { absent: 'disable' })
    assert.equal(left.ok && left.disabled, 1)
    assert.equal(await signIn(), false)
    assert.ok(await accounts.members.findByPpr('1'))
    const { rows } = await accounts.database.query("select actor from audit where action = 'account.disabled'")
    assert.deepEqual(rows, [{ actor: 'system' }])
    const again = await importLines(lines.slice(0, 2), { absent: 'disable' })
    assert.equal(again.ok && again.disabled, 0)
  })

  it('gives it back to who is in the register again', async () => {
    await importLines(lines)
    assert.equal(await signIn(), true)
  })

  it('is told when the file is a part of the register, and nobody loses anything', async () => {
    const result = await importLines(['1;adherent;Ali Alami;', '9;adherent;New Person;'], { absent: 'disable' })
    assert.deepEqual(result, { ok: false, reason: 'tooManyAbsent', absent: 2, members: 3 })
    assert.equal(await signIn(), true)
    assert.equal(await accounts.members.findByPpr('9'), undefined)
  })
})
