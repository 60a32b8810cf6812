import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { PDFDocument } from '@cantoo/pdf-lib'
import { closedStores, disguises, fieldPdf, lies } from '../../support/hostile-pdfs.ts'
import { objectStreamPdf, pagedPdf, pdfOf, plainPdf, protectedPdf, scanOfSize } from '../../support/pdfs.ts'
import { startJudge, type Judge } from '../../support/verdicts.ts'

let judge: Judge
before(async () => {
  judge = await startJudge()
})
after(() => judge.close())

const accepted = (pages: number) => ({ ok: true, pages })
const refused = (reason: string) => ({ ok: false, reason })

describe('a member whose PDF shows pages and nothing else', () => {
  const good: Record<string, [make: () => Buffer | Promise<Buffer>, pages: number]> = {
    'has one page': [plainPdf, 1],
    'has three hundred pages': [() => pagedPdf(300), 300],
    'comes from a writer of today, with objects in stores': [() => objectStreamPdf(['<< /A 1 >>', '[1 2]']), 1],
    'was made by a common library': [async () => Buffer.from(await (await made()).save()), 2],
    'is a scan': [() => scanOfSize(3_000_000, randomBytes), 1],
    'only forbids to print or copy': [() => protectedPdf({ ownerPassword: 'laboratoire' }), 1],
    'has a table of contents that is wrong': [() => swap(plainPdf(), /\d{10} 00000 n/g, '0000000007 00000 n'), 1],
    'has lost its table of contents': [() => swap(plainPdf(), /xref\n[^]*?(?=trailer)/, ''), 1],
    'holds a link': [
      () => pagedPdf(1, { pageExtra: '/Annots [<< /Subtype /Link /A << /S /URI /URI (https://a.ma) >> >>]' }),
      1,
    ],
    'holds a form in XML without a script': [
      () =>
        pagedPdf(1, {
          catalog: '/AcroForm << /XFA [(a) 4 0 R] >>',
          more: [{ dictionary: '', stream: Buffer.from('<template/>') }],
        }),
      1,
    ],
    'speaks of scripts in its text': [
      () => pagedPdf(1, { more: [{ dictionary: '', stream: Buffer.from('(/JS /Launch /EF) Tj') }] }),
      1,
    ],
  }
  for (const [name, [make, pages]] of Object.entries(good))
    it(`is accepted when it ${name}`, async () => assert.deepEqual(await judge.judge(await make()), accepted(pages)))
})

describe('a member whose PDF is an everyday form or an invoice', () => {
  const calls = [
    'AFDate_FormatEx("dd/mm/yyyy");',
    'AFDate_KeystrokeEx("dd/mm/yyyy")\r\nAFRange_Validate(true, 0, true, -5.5);',
    'AFNumber_Format(2, 0, 0, 0, "DH \\u00e9", false);',
    'AFSimple_Calculate("SUM", new Array ("montant.0", "montant.1"));',
    "AFSimple_Calculate('PRD', ['a', 'b', []])",
  ]
  for (const [index, call] of calls.entries())
    it(`may have a field that is formatted and added up by its viewer: ${call}`, async () =>
      assert.deepEqual(await judge.judge(fieldPdf(call, 'KFVC'[index % 4])), accepted(1)))

  it('may have the call in a stream, and its actions in objects of their own', async () => {
    const more = [
      '<< /FT /Tx /AA 5 0 R >>',
      '<< /K 6 0 R /F << /S /JavaScript /JS 7 0 R >> >>',
      '<< /S /JavaScript /JS (AFTime_Keystroke\\(0\\);) >>',
      { dictionary: '', stream: Buffer.from('AFTime_Format(0);') },
    ]
    assert.deepEqual(await judge.judge(pagedPdf(1, { more })), accepted(1))
  })

  const xml =
    '<?xml version="1.0" encoding="UTF-8"?>\n<rsm:CrossIndustryInvoice xmlns:rsm="urn:a"></rsm:CrossIndustryInvoice>'
  const invoice = ({ name = 'factur-x.xml', body = xml, list = '/AF [4 0 R]' } = {}) =>
    pagedPdf(1, {
      catalog: `${list} /Names << /EmbeddedFiles << /Names [(${name}) 4 0 R] >> >>`,
      more: [
        `<< /Type /Filespec /F (${name}) /UF (${name}) /AFRelationship /Data /EF << /F 5 0 R /UF 5 0 R >> >>`,
        { dictionary: '/Type /EmbeddedFile /Subtype /text#2Fxml', stream: Buffer.from(body) },
        '[4 0 R]',
      ],
    })
  for (const name of ['factur-x.xml', 'zugferd-invoice.xml', 'ZUGFeRD-invoice.xml', 'xrechnung.xml'])
    it(`may hold the XML of an electronic invoice, ${name}`, async () => {
      assert.deepEqual(await judge.judge(invoice({ name })), accepted(1))
      assert.deepEqual(await judge.judge(invoice({ name, list: '/AF 6 0 R' })), accepted(1))
    })

  const foreign = {
    'of another name': { name: 'facture.xml' },
    'that the document does not name as its own': { list: '' },
    'that is no XML': { body: 'MZ' },
    'that is a web page': { body: '<html><script>alert(1)</script></html>' },
    'that brings a document type along': { body: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>' },
  }
  for (const [name, changes] of Object.entries(foreign))
    it(`is refused a file in it ${name}`, async () =>
      assert.deepEqual(await judge.judge(invoice(changes)), refused('attachments')))

  it('is refused a second file beside the invoice', async () => {
    const more = Buffer.from('9 0 obj\n<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream\nendobj\n')
    assert.deepEqual(await judge.judge(Buffer.concat([invoice(), more])), refused('attachments'))
  })
})

describe('a member whose PDF is not what it says', () => {
  for (const [name, [make, reason]] of Object.entries(lies))
    it(`is refused ${name}`, async () => assert.deepEqual(await judge.judge(make()), refused(reason)))
})

describe('a member whose PDF cannot be read', () => {
  it('is told that it needs a password', async () => {
    const pdf = await protectedPdf({ userPassword: 'secret', ownerPassword: 'secret2' })
    assert.deepEqual(await judge.judge(pdf), refused('encrypted'))
  })

  it('is told that it has no page', async () => assert.deepEqual(await judge.judge(pagedPdf(0)), refused('noPages')))

  it('is told of too many pages, and how many', async () => {
    assert.deepEqual(await judge.judge(pagedPdf(301)), { ...refused('tooManyPages'), pages: 301 })
  })

  const damaged: Record<string, () => Buffer> = {
    'was cut off at the start': () => plainPdf().subarray(0, 60),
    'was cut off in the middle of its pages': () => pagedPdf(20).subarray(0, 150),
    'has no catalog': () => pdfOf(['<< >>']),
    'has a page that is not there': () =>
      pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Count 1 /Kids [9 0 R] >>']),
    'is a header and nothing more': () => Buffer.from('%PDF-1.7\n'),
    'is a header and noise': () => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(50_000)]),
  }
  for (const [name, make] of Object.entries(damaged))
    it(`is told that it is damaged when it ${name}`, async () =>
      assert.deepEqual(await judge.judge(make()), refused('damaged')))
})

describe('a member whose PDF does more than show pages', () => {
  for (const [name, make] of Object.entries(disguises))
    it(`is refused ${name}`, async () => assert.deepEqual(await judge.judge(make()), refused('active')))

  it('is refused a script behind a password that only forbids to print', async () => {
    const document = await made()
    document.addJavaScript('start', 'app.alert(1)')
    document.encrypt({ ownerPassword: 'laboratoire' })
    assert.deepEqual(await judge.judge(await document.save()), refused('active'))
  })

  it('is refused files inside the file', async () => {
    const document = await made()
    await document.attach(Buffer.from('MZ'), 'facture.exe')
    assert.deepEqual(await judge.judge(await document.save()), refused('attachments'))
    const stream = { dictionary: '/Type /EmbeddedFile', stream: Buffer.from('x') }
    assert.deepEqual(await judge.judge(pagedPdf(1, { more: [stream] })), refused('attachments'))
  })

  for (const [name, make] of Object.entries(closedStores))
    it(`is refused ${name}, since nobody knows what is in it`, async () =>
      assert.equal((await judge.judge(make())).ok, false))
})

async function made(): Promise<PDFDocument> {
  const document = await PDFDocument.create()
  document.addPage([595, 842]).drawText('Ordonnance')
  document.addPage([595, 842])
  return document
}

function swap(pdf: Buffer, from: RegExp, to: string): Buffer {
  return Buffer.from(pdf.toString('latin1').replace(from, to), 'latin1')
}
