import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { createDelivery } from '../../bot/channels/directline/delivery.ts'
import { cleanFileName } from '../../bot/channels/directline/file-name.ts'
import type { Principal } from '../../services/accounts/principal.ts'
import type { ActivityBody, StoredActivity } from '../../services/conversations/activity.ts'

const rib = '190170211110374226001507'
const grouped = '190\u00a0170\u00a02111103742260015\u00a007'
const memberId = randomUUID()
const viewer: Principal = { memberId, sessionId: randomUUID() }

const stored = (body: ActivityBody, direction: 'in' | 'out' = 'out'): StoredActivity => ({
  conversationId: 'c1',
  position: 7,
  seq: 9,
  direction,
  body,
  at: new Date('2026-01-02T03:04:05.678Z'),
  due: false,
})

async function delivered(activity: StoredActivity, revealRib = async (): Promise<string | undefined> => undefined) {
  const botName = (language: string) => `bot-${language}`
  const links = { fileUrl: async (_: Principal, documentId: string) => `https://here/${documentId}` }
  const { activities } = await createDelivery({ links, revealRib, botName }).batch([activity], viewer)
  return activities[0] ?? ''
}

const ribCard = stored({
  type: 'message',
  text: 'Votre RIB : ⟦RIB⟧',
  locale: 'ar-MA',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: { body: [{ type: 'FactSet', facts: [{ title: 'RIB', value: '⟦RIB⟧' }] }], 'k⟦RIB⟧': ['⟦RIB⟧'] },
    },
  ],
  channelData: { moussaada: { step: 'rib', index: 1, rib: '•••• 1507' } },
})

describe('the card with the RIB', () => {
  it('shows all of it, in groups, while its owner is asked to confirm it', async () => {
    const wire = await delivered(ribCard, async () => rib)
    assert.equal(wire.split(grouped).length - 1, 4)
    assert.equal(wire.includes('⟦RIB⟧'), false)
    assert.equal(wire.includes('••••'), false)
  })

  it('shows its last digits before and after, wherever it stands in text and card', async () => {
    const wire = await delivered(ribCard)
    assert.equal(wire.split('•••• 1507').length - 1, 4)
    assert.equal(wire.includes('⟦RIB⟧'), false)
  })

  it('never lets the mask travel on as data, nor lose what stands beside it', async () => {
    const { channelData } = JSON.parse(await delivered(ribCard, async () => rib))
    assert.deepEqual(channelData, { moussaada: { step: 'rib', index: 1 }, 'webchat:sequence-id': 7 })
  })

  it('shows dots when no mask came with it, and survives a mask with signs of its own', async () => {
    const card = (mask?: string) =>
      stored({ type: 'message', text: '⟦RIB⟧', channelData: { moussaada: mask === undefined ? {} : { rib: mask } } })
    assert.equal(JSON.parse(await delivered(card())).text, '••••')
    assert.equal(JSON.parse(await delivered(card('$& "x" \\'))).text, '$& "x" \\')
  })

  it('is not filled in where a member wrote the placeholder', async () => {
    const wire = await delivered(stored({ type: 'message', text: '⟦RIB⟧' }, 'in'), async () => rib)
    assert.equal(JSON.parse(wire).text, '⟦RIB⟧')
  })

  it('asks for the RIB only when there is a place for it', async () => {
    let asked = 0
    const reveal = async () => `${++asked}`
    await delivered(stored({ type: 'message', text: 'bonjour' }), reveal)
    assert.equal(asked, 0)
  })
})

describe('what the chat is shown', () => {
  it('names the assistant in the language of what it says', async () => {
    const name = async (locale: string) =>
      JSON.parse(await delivered(stored({ type: 'message', text: 'x', locale }))).from
    assert.deepEqual(await name('ar-MA'), { id: 'moussaada', name: 'bot-ar', role: 'bot' })
    assert.deepEqual(await name('fr-MA'), { id: 'moussaada', name: 'bot-fr', role: 'bot' })
  })

  it('has no reference to what is answered, for which Web Chat would wait', async () => {
    const wire = await delivered(stored({ type: 'message', text: 'x', replyToPosition: 3 }))
    assert.equal(/replyTo/.test(wire), false)
  })

  it('leaves out what begins turns in silence, and moves on past it', async () => {
    const links = { fileUrl: async () => '' }
    const delivery = createDelivery({ links, revealRib: async () => undefined, botName: () => '' })
    const silent = [stored({ type: 'conversationUpdate' }, 'in'), stored({ type: 'event', name: 'x' }, 'in')]
    assert.deepEqual(await delivery.batch(silent, viewer), { activities: [], seq: 9 })
  })

  it('gives a kept file a link and its size, a refused one only its name', async () => {
    const document = randomUUID()
    const file = (content: unknown) => ({ contentType: 'application/pdf', name: 'a.pdf', content })
    const attachments = [file({ document, size: 5 }), file({ refused: 'empty', size: 0 })]
    const wire = JSON.parse(await delivered(stored({ type: 'message', attachments }, 'in')))
    assert.deepEqual(wire.attachments, [
      { contentType: 'application/pdf', name: 'a.pdf', contentUrl: `https://here/${document}` },
      { contentType: 'application/pdf', name: 'a.pdf' },
    ])
    assert.deepEqual(wire.channelData.attachmentSizes, [5, 0])
  })
})

describe("a file's name", () => {
  for (const [name, clean] of [
    ['ordonnance.pdf', 'ordonnance.pdf'],
    ['وصفة طبية.pdf', 'وصفة طبية.pdf'],
    ['e\u0301te\u0301.pdf', 'été.pdf'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['a\u2066b\u200bc\u0000d\r\ne.pdf', 'abcde.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\x\\scan.pdf', 'scan.pdf'],
    [`rib ${rib}.pdf`, 'rib •••• 1507.pdf'],
    ['e' + '\u0301'.repeat(400), 'é\u0301\u0301'],
    ['a   b\u00a0c.pdf', 'a b c.pdf'],
    ['..', 'document'],
    ['', 'document'],
    [undefined, 'document'],
    ['\ud800\u202e', 'document'],
  ] as const)
    it(`${JSON.stringify(name)?.slice(0, 40)} is shown as ${clean}`, () => {
      assert.equal(cleanFileName(name), clean)
    })

  it('is cut to 120 characters with its extension, between characters', () => {
    const clean = cleanFileName(`${'😀'.repeat(2500)}.pdf`)
    assert.ok(clean.length <= 120 && clean.isWellFormed() && clean.endsWith('….pdf'))
  })
})
