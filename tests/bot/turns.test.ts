import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { canWait } from '../../bot/can-wait.ts'
import { createStoredFiles } from '../../bot/stored-files.ts'
import { createTurns, type Turns, type TurnsDeps } from '../../bot/turns.ts'
import { createTranslators } from '../../locales/translator.ts'
import type { PdfVerdict } from '../../services/documents/pdf-check/pdf-check.ts'
import { AppError } from '../../services/errors.ts'
import { createInProcessLease } from '../../services/storage/embedded/lease.ts'
import { createTracing } from '../../services/tracing/tracing.ts'
import { until } from '../channels/support/direct-line-client.ts'
import { untilStored } from '../faults/support/until-stored.ts'
import { openChat, type Chat } from '../support/chat.ts'
import { openOffice, type Office } from '../support/office.ts'
import { silentLog } from '../support/silent-log.ts'

describe('a member whose messages wait for their turns', () => {
  let office: Office
  let chat: Chat
  let turns: Turns
  /** What was taken, in order; each turn waits here until the test lets it go on. */
  let taken: { text: string | undefined; finish: (error?: Error) => void }[]

  before(async () => void (office = await openOffice()))
  after(() => office.close())
  beforeEach(async () => {
    await office.clear()
    taken = []
    chat = await openChat(office, { ppr: '1000001', language: 'fr' })
    turns = createTurns(deps())
  })

  afterEach(async () => {
    for (const { finish } of taken) finish()
    await turns.stop()
  })

  function deps(): TurnsDeps {
    const { services, database, eventBus } = office
    const tracing = createTracing({ newId: office.newId, now: () => 0 })
    const take: TurnsDeps['take'] = async turn => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      taken.push({ text: turn.activity.body.text, finish: error => (error ? reject(error) : resolve()) })
      await promise
      const { state, askedPosition, language, id } = turn.conversation
      const end = { activity: turn.activity, said: [], edits: [], state, askedPosition, language }
      await services.conversations.endTurn(database, id, end)
      return undefined
    }
    const lease = createInProcessLease()
    const now = () => new Date(office.clock.at)
    return {
      ...services,
      database,
      eventBus,
      lease,
      tracing,
      take,
      now,
      log: silentLog,
      translators: createTranslators(),
    }
  }

  const store = (text: string, id = chat.id) =>
    office.services.conversations.takeIn(id, { clientId: office.newId(), body: { type: 'message', text } })
  const nothingWaits = async () => (await office.services.conversations.due(chat.id)).length === 0
  const texts = () => taken.map(({ text }) => text)

  it('has what comes while a turn runs taken after it, in order, one at a time', async () => {
    await store('one')
    turns.wake(chat.id, chat.memberId)
    await until(() => taken.length === 1, 'the first turn')
    await store('two')
    turns.wake(chat.id, chat.memberId)
    await store('three')
    turns.wake(chat.id, chat.memberId)
    assert.deepEqual(texts(), ['one'])
    taken[0]?.finish()
    await until(() => taken.length === 2, 'the second turn')
    taken[1]?.finish()
    await until(() => taken.length === 3, 'the third turn')
    taken[2]?.finish()
    assert.deepEqual(texts(), ['one', 'two', 'three'])
    await untilStored(nothingWaits, 'nothing waits')
  })

  it('is not answered in two of their conversations at once', async () => {
    const other = await openChat(office, { ppr: '1000001', language: 'fr', channel: 'msteams' })
    await store('here')
    await store('there', other.id)
    turns.wake(chat.id, chat.memberId)
    turns.wake(other.id, chat.memberId)
    await until(() => taken.length > 0, 'a first turn')
    await new Promise(resolve => setTimeout(resolve, 200))
    assert.equal(taken.length, 1)
    taken[0]?.finish()
    await until(() => taken.length === 2, 'the other turn')
    taken[1]?.finish()
  })

  it('has taken up what another instance left when it died', async () => {
    await store('left behind')
    office.clock.at = new Date(office.clock.at.getTime() + 6_000)
    turns.start()
    await until(() => taken.length === 1, 'the turn', 10_000)
    taken[0]?.finish()
    assert.deepEqual(texts(), ['left behind'])
  })

  it('waits while the database is away, and is apologised to for what is broken, once', async () => {
    await store('bonjour')
    turns.wake(chat.id, chat.memberId)
    await until(() => taken.length === 1, 'the turn')
    taken[0]?.finish(new AppError('database.unreachable', 'away'))
    await until(() => taken.length === 2, 'the turn, again', 10_000)
    taken[1]?.finish(new AppError('invariant', 'broken'))
    await untilStored(nothingWaits, 'the apology')
    const last = (await chat.transcript()).at(-1)
    assert.equal(last?.direction, 'out')
    assert.match(last?.body.text ?? '', /\d{6}/)
    assert.equal(taken.length, 2)
  })
})

describe('a member whose turn broke', () => {
  const at = new Date('2026-11-24T09:00:00Z')
  const after = (minutes: number) => new Date(at.getTime() + minutes * 60_000)
  const away = new AppError('database.unreachable', 'away')

  it('waits for a database that is away for ten minutes, and is then told', () => {
    assert.equal(canWait(away, { at }, after(9)), true)
    assert.equal(canWait(away, { at }, after(11)), false)
  })

  it('is left to another instance when theirs stops, and told of all else at once', () => {
    assert.equal(canWait(new AppError('server.stopping', 'bye'), { at }, after(60)), true)
    assert.equal(canWait(new AppError('invariant', 'broken'), { at }, after(0)), false)
    assert.equal(canWait(new Error('plain'), { at }, after(0)), false)
  })
})

describe('a member whose file is looked at', () => {
  function checking(...verdicts: PdfVerdict[]) {
    let checks = 0
    const pdfCheck = {
      prepare: () => undefined,
      check: async () => verdicts[Math.min(checks++, verdicts.length - 1)] ?? { ok: true as const, pages: 1 },
    }
    const documents = { read: async function* () {} }
    return { files: createStoredFiles({ documents, pdfCheck }), checks: () => checks }
  }

  it('has it checked once, however often the turn runs', async () => {
    const { files, checks } = checking({ ok: true, pages: 3 })
    assert.deepEqual(
      [await files.check('a'), await files.check('a')],
      [
        { ok: true, pages: 3 },
        { ok: true, pages: 3 },
      ],
    )
    assert.equal(checks(), 1)
  })

  it('has it checked again when nobody came to a verdict', async () => {
    const { files, checks } = checking({ ok: false, reason: 'busy' }, { ok: true, pages: 1 })
    assert.deepEqual([(await files.check('a')).ok, (await files.check('a')).ok], [false, true])
    assert.equal(checks(), 2)
  })
})
