import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MAX_REGISTER_BYTES, parseRegisterFile } from '../../../services/members/register-file.ts'

const header = 'ppr;lien;nom;rib'
const rib = '190 170 2111103742260015 07'
async function parse(text: string) {
  const read = await parseRegisterFile(Buffer.from(text))
  return read.ok ? { ok: true as const, entries: read.entries } : read
}
const parseLines = async (...lines: string[]) => await parse([header, ...lines].join('\r\n'))

async function problemsOf(...lines: string[]): Promise<string[]> {
  const read = await parseLines(...lines)
  return read.ok ? [] : read.problems.map(({ line, code, column }) => [line, code, column].filter(Boolean).join(' '))
}

describe('an operator with a register from a spreadsheet', () => {
  const expected = [
    {
      ppr: '0012',
      name: 'Zoé Bennis',
      rib: '190170211110374226001507',
      relatives: [
        { kind: 'child', name: 'سلمى بنيس' },
        { kind: 'spouse', name: "Réda d'Anfa" },
      ],
    },
    { ppr: '13', name: 'El-Hadi B. Tazi', relatives: [] },
  ]
  const lines = [
    `0012;Adhérent(e);Zoé Bennis;${rib}`,
    `0012;Enfant;سلمى بنيس;`,
    `0012;conjoint;Réda d'Anfa`,
    `13;ADHERENTE;El-Hadi  B. Tazi;`,
  ]

  it('has it read as Excel, LibreOffice and others write it', async () => {
    const written = [header, ...lines].join('\r\n')
    const variants = [
      written,
      `\ufeff${written}\r\n\r\n;;;\r\n`,
      written.replaceAll('\r\n', '\n'),
      written.replaceAll(';', ','),
      written.replaceAll(';', '\t'),
      written.replaceAll('Zoé Bennis', '"Zoé Bennis"'),
      written.normalize('NFD'),
      written.replace('Zoé Bennis', '\u202aZoé\u00a0Bennis\u202c'),
      written.replace(rib, '١٩٠١٧٠٢١١١١٠٣٧٤٢٢٦٠٠١٥٠٧'),
      `sep=;\r\n${written}`,
      `"sep=,"\n${written.replaceAll(';', ',')}`,
      written.replaceAll('0012', '="0012"'),
      written.replaceAll('0012', '"=""0012"""'),
      written.replaceAll('0012', "'0012"),
      written.replaceAll('0012', '\u00a00 012\u202f').replaceAll('\n13;', '\n13,00;'),
      written.replaceAll('Adhérent(e)', 'Adhérent(e)\u00a0').replaceAll('ppr;', 'PPR\u00a0;'),
      `${written}\r\n\u00a0; ;;`,
    ]
    for (const variant of variants) assert.deepEqual(await parse(variant), { ok: true, entries: expected }, variant)
  })

  it('may order the columns otherwise, add some, and write the links in Arabic', async () => {
    const read = await parse(`Nom;Direction;RIB;PPR;Lien\nAli;DGI;;7;منخرط\nمنى;;;7;زوجة\nسعد;;;7;ابن`)
    const relatives = [
      { kind: 'spouse', name: 'منى' },
      { kind: 'child', name: 'سعد' },
    ]
    assert.deepEqual(read, { ok: true, entries: [{ ppr: '7', name: 'Ali', relatives }] })
  })

  it('may write names as keyboards do', async () => {
    const names = [
      ['N´Diaye', "N'Diaye"],
      ['N`Diaye', "N'Diaye"],
      ['N‘Diaye', "N'Diaye"],
      ['Aït\u2011Ahmed', 'Aït-Ahmed'],
      ['Ben–Youssef', 'Ben-Youssef'],
      ['Amal Alami (née Bennis)', 'Amal Alami (née Bennis)'],
      ['أمل العلمي (بنيس)', 'أمل العلمي (بنيس)'],
      ['El Fassi, Ahmed', 'El Fassi Ahmed'],
      ['الفاسي، أحمد', 'الفاسي أحمد'],
    ]
    const read = await parse([header, ...names.map(([name], index) => `${index + 1};adherent;${name};`)].join('\n'))
    assert.deepEqual(
      read.ok && read.entries.map(({ name }) => name),
      names.map(([, name]) => name),
    )
  })

  it('finds the template of the project right', async () => {
    const read = await parseRegisterFile(await readFile(new URL('../../../db/members-template.csv', import.meta.url)))
    assert.equal(read.ok && read.entries.length, 2)
  })
})

describe('an operator with mistakes in the register', () => {
  const table: [string, string[], string[]][] = [
    ['letters in the PPR', ['12a;adherent;Ali;'], ['2 ppr.shape ppr']],
    ['a PPR that was taken for a number', ['1,23457E+11;adherent;Ali;'], ['2 ppr.rounded ppr']],
    [
      'a PPR that was taken for a date',
      ['01/02/2024;adherent;Ali;', '2-janv;adherent;Ali;', '3-4;adherent;Ali;'],
      ['2', '3', '4'].map(n => `${n} ppr.date ppr`),
    ],
    [
      'zeros that a spreadsheet took away',
      ['0012345;adherent;Ali;', '12345;adherent;Ali;', '12345;enfant;Sami;', '0012345;enfant;Sara;'],
      ['3 ppr.zeros ppr', '4 ppr.zeros ppr'],
    ],
    [
      'brackets that hold no name',
      ['1;adherent;Ali (1);', '2;adherent;Ali (née;'],
      ['2', '3'].map(n => `${n} nom.shape nom`),
    ],
    ['a RIB that ends in zeros', ['1;adherent;Ali;190170211110374000000000'], ['2 rib.rounded rib']],
    ['no PPR', [';adherent;Ali;'], ['2 ppr.shape ppr']],
    ['an unknown link', ['1;cousin;Ali;'], ['2 lien.unknown lien']],
    ['a link that every object has', ['1;constructor;Ali;'], ['2 lien.unknown lien']],
    ['no name', ['1;adherent;  ;'], ['2 nom.missing nom']],
    ['a name too long', [`1;adherent;${'a'.repeat(121)};`], ['2 nom.tooLong nom']],
    [
      'a formula',
      ['1;adherent;=cmd|calc;', '2;adherent;@SUM;', '3;adherent;-1+1;'],
      ['2', '3', '4'].map(n => `${n} nom.formula nom`),
    ],
    ['markup', ['1;adherent;<b>Ali</b>;'], ['2 nom.shape nom']],
    ['a rounded RIB', ['1;adherent;Ali;1,90170211110374E+23'], ['2 rib.rounded rib']],
    ['a short RIB', ['1;adherent;Ali;19017021111037422600150'], ['2 rib.shape rib']],
    ['a RIB with a wrong key', ['1;adherent;Ali;190170211110374226001570'], ['2 rib.key rib']],
    ['a RIB of a relative', ['1;adherent;Ali;', `1;enfant;Sami;${rib}`], ['3 rib.ofRelative rib']],
    ['a member twice', ['1;adherent;Ali;', '1;adherent;Ali;'], ['3 member.twice ppr']],
    ['a relative twice', ['1;adherent;Ali;', '1;enfant;Sami;', '1;enfant;Sami;'], ['4 relative.twice nom']],
    ['a relative of nobody', ['1;adherent;Ali;', '2;enfant;Sami;'], ['3 relative.withoutMember ppr']],
    ['a stray separator', ['1;adherent;Ali;;;x'], ['2 line.columns']],
    ['an open quote', ['1;adherent;"Ali;'], ['2 file.quotes']],
    [
      'several mistakes',
      ['x;y;=z;1', '1;enfant;Sami;'],
      [
        '2 ppr.shape ppr',
        '2 lien.unknown lien',
        '2 nom.formula nom',
        '2 rib.shape rib',
        '3 relative.withoutMember ppr',
      ],
    ],
  ]
  for (const [what, lines, expected] of table) {
    it(`is told of ${what}, with its line`, async () => assert.deepEqual(await problemsOf(...lines), expected))
  }

  it("is not told of a missing member when that member's own line is the mistake", async () => {
    assert.deepEqual(await problemsOf('1;adherent;Ali;123', '1;enfant;Sami;'), ['2 rib.shape rib'])
  })

  it('is told when the file itself is wrong', async () => {
    const files: [Uint8Array, string][] = [
      [Buffer.from(''), 'file.empty'],
      [Buffer.from(header), 'file.empty'],
      [Buffer.from('ppr;nom\n1;Ali'), 'file.header'],
      [Buffer.from('ppr;lien;nom;rib\n1;adherent;Zo\xe9;', 'latin1'), 'file.notUtf8'],
      [Buffer.alloc(MAX_REGISTER_BYTES + 1, 0x20), 'file.tooLarge'],
    ]
    for (const [bytes, code] of files) {
      const read = await parseRegisterFile(bytes)
      assert.deepEqual(read.ok ? [] : read.problems.map(problem => problem.code), [code])
    }
  })

  it('gets an answer to any bytes, which never repeats what the file says', async () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('adherent', 'enfant', '1', rib, '"', 'Ali'))
    const line = fc.array(cell, { maxLength: 6 }).map(cells => cells.join(';'))
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), async lines => {
        const read = await parseLines(...lines, 'Confidentiel;x;y;z')
        assert.equal(read.ok, false)
        assert.doesNotMatch(JSON.stringify(read), /Confidentiel/)
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async bytes => void (await parseRegisterFile(bytes))),
    )
  })
})
