import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { bankName, groupRib, hasValidKey, maskRib, normaliseRib, ribKey } from '../../../services/members/rib.ts'
import { hideRibAcross, hideRibs } from '../../../services/members/rib-search.ts'

const guideRib = '190170211110374226001507'
/** Published by the Ministry, hence known to be real. */
const officialRibs = ['001810007800020110620318', '001810007800020110620221']

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map(values => values.join(''))
const ribs = digits(22).map(first22 => first22 + ribKey(first22))
const toArabicIndic = (text: string) => text.replace(/[0-9]/g, digit => String.fromCharCode(0x660 + Number(digit)))

describe('the key of a RIB', () => {
  it("holds for the guide's RIB and for the Ministry's own", () => {
    for (const rib of [guideRib, ...officialRibs]) assert.equal(hasValidKey(rib), true, rib)
  })

  it('agrees with the definition computed in big integers, and lies between 01 and 97', () => {
    fc.assert(
      fc.property(digits(22), first22 => {
        const expected = 97n - ((BigInt(first22) * 100n) % 97n)
        assert.equal(BigInt(ribKey(first22)), expected)
        assert.ok(expected >= 1n && expected <= 97n)
      }),
    )
  })

  it('catches every single wrong digit and every swap of two neighbours', () => {
    fc.assert(
      fc.property(ribs, fc.nat(23), fc.integer({ min: 1, max: 9 }), (rib, place, shift) => {
        const wrong = String((Number(rib[place]) + shift) % 10)
        assert.equal(hasValidKey(rib.slice(0, place) + wrong + rib.slice(place + 1)), false)
        const swapped =
          rib.slice(0, place) +
          rib
            .slice(place, place + 2)
            .split('')
            .reverse()
            .join('') +
          rib.slice(place + 2)
        if (swapped !== rib) assert.equal(hasValidKey(swapped), false)
      }),
    )
  })

  it('makes the check digits of the IBAN 64, as on every Moroccan IBAN', () => {
    fc.assert(
      fc.property(ribs, rib => {
        // ISO 13616: the country's letters as numbers (M 22, A 10) and the check digits go behind the account.
        assert.equal(BigInt(`${rib}221064`) % 97n, 1n)
      }),
    )
  })

  it('does not hold for anything that is not 24 digits', () => {
    for (const text of [
      '',
      guideRib.slice(1),
      `${guideRib}0`,
      toArabicIndic(guideRib),
      `${guideRib}\n`,
      'x'.repeat(24),
    ]) {
      assert.equal(hasValidKey(text), false, text)
    }
  })
})

describe('a RIB as people write it', () => {
  const writings = (rib: string) => [
    rib,
    groupRib(rib),
    ` ${rib.slice(0, 3)} ${rib.slice(3, 6)}-${rib.slice(6, 22)}.${rib.slice(22)}\n`,
    toArabicIndic(rib),
    `\u2066${rib.replace(/(....)/g, '$1\u202f')}\u2069`,
  ]

  it('comes to its 24 digits', () => {
    fc.assert(
      fc.property(ribs, rib => {
        for (const written of writings(rib)) assert.equal(normaliseRib(written), rib)
      }),
    )
  })

  it('is refused with letters in it, or with a digit too few or too many', () => {
    for (const text of ['', 'abc', `RIB ${guideRib}`, guideRib.slice(1), `${guideRib}1`]) {
      assert.equal(normaliseRib(text), undefined, text)
    }
  })

  it('is shown in its four groups on one line', () => {
    assert.equal(groupRib(guideRib), '190\u00a0170\u00a02111103742260015\u00a007')
  })

  it('names only the banks that are sure', () => {
    assert.equal(bankName('007' + guideRib.slice(3)), 'Attijariwafa Bank')
    assert.equal(bankName(officialRibs[0] ?? ''), 'Bank Al-Maghrib')
    assert.equal(bankName(guideRib), undefined)
  })
})

describe('a member who types a RIB', () => {
  const mask = maskRib(guideRib)

  it('sees only its last four digits, however it was written', () => {
    assert.equal(mask, '•••• 1507')
    const table: [string, string][] = [
      [guideRib, mask],
      [`Mon RIB est ${groupRib(guideRib)}.`, `Mon RIB est ${mask}.`],
      [`190.170.2111 1037 4226 0015-07 merci`, `${mask} merci`],
      [`رقمي ${toArabicIndic(guideRib)} شكرا`, `رقمي ${mask} شكرا`],
      [`MA64${guideRib}`, `MA64${mask}`],
      [`IBAN : MA64 1901 7021 1110 3742 2600 1507`, `IBAN : MA64 ${mask}`],
      [`Banque 190 Ville 170 Compte 2111103742260015 Clé 07`, `Banque ${mask}`],
      [`${guideRib} ou ${officialRibs[0]}`, `${mask} ou ${maskRib(officialRibs[0] ?? '')}`],
      [`${guideRib}\n${guideRib}`, `${mask}\n${mask}`],
      ['(1901)(7021)(1110)(3742)(2600)(1507)', `(${mask})`],
      ['RIB=190+170+2111103742260015+07#', `RIB=${mask}#`],
      ['#1901 #7021 #1110 #3742 #2600 #1507', `#${mask}`],
      ['1901 puis 7021 puis 1110, ensuite 3742, 2600 et enfin 1507 merci', `${mask} merci`],
      ['MA641901 puis 7021 puis 1110 puis 3742 puis 2600 puis 1507', `MA64${mask}`],
      ['١٩٠ ١٧٠ ثم ٢١١١ ١٠٣٧ ثم ٤٢٢٦ ٠٠١٥ ثم ٠٧', mask],
      [guideRib.split('').join(' puis '), mask],
    ]
    for (const [typed, hidden] of table) assert.equal(hideRibs(typed), hidden)
  })

  it('leaves no RIB anywhere in any text, and the words around it as they were', () => {
    const words = fc.string({ unit: fc.constantFrom(...'abc دذ.,!?\n') })
    const spaced = fc
      .tuple(ribs, fc.constantFrom('', ' ', '-', '.', '\u00a0', ' - '))
      .map(([rib, by]) => rib.split('').join(by))
    fc.assert(
      fc.property(words, spaced, words, (before, rib, after) => {
        const hidden = hideRibs(before + rib + after)
        assert.ok(hidden.startsWith(before) && hidden.endsWith(after))
        assert.equal(hidden.replace(/[^0-9]/g, '').length, 4)
      }),
    )
  })

  it('sees it hidden in the digits of any script', () => {
    // Arabic-Indic, Persian, Devanagari, full-width, three of the mathematical ones.
    for (const zero of [0x660, 0x6f0, 0x966, 0xff10, 0x1d7ce, 0x1d7d8, 0x1d7f6]) {
      const written = guideRib.replace(/[0-9]/g, digit => String.fromCodePoint(zero + Number(digit)))
      assert.equal(hideRibs(`رقمي ${written}.`), `رقمي ${mask}.`, written)
    }
    assert.equal(hideRibs('①⑨⓪①⑦⓪②①①①①⓪③⑦④②②⑥⓪⓪①⑤⓪⑦'), mask)
    assert.equal(hideRibs([...guideRib].join('\ufe0f\u20e3')), mask, 'as keys')
  })

  it('sees nothing of one that begins in what is kept and ends behind it', () => {
    const filler = 'a '.repeat(2_000)
    for (const shown of [0, 1, 12, 23, 24]) {
      const text = filler.slice(0, 4_000 - shown) + guideRib + filler
      assert.equal(hideRibs(text, 4_000).replace(/[^0-9]/g, ''), shown === 0 ? '' : '1507')
    }
    const many = `${guideRib} `.repeat(180)
    assert.doesNotMatch(hideRibs(many, 4_000), /\d{5}/)
  })

  it('has it hidden in two messages that make one together', () => {
    assert.deepEqual(hideRibAcross(['mon rib 190 170 2111103742', '260015 07 merci']), [
      'mon rib ••••',
      `${mask} merci`,
    ])
    assert.deepEqual(hideRibAcross(['190', '170', '2111103742260015', '07']), ['••••', '••••', '••••', mask])
    assert.equal(hideRibAcross(['190 170 2111103742', '260015 08']), undefined)
    assert.equal(hideRibAcross([guideRib, 'merci']), undefined, 'that one is hidden already')
  })

  it('leaves none inside a longer number either', () => {
    const number = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 40 })
    fc.assert(
      fc.property(number, ribs, number, (before, rib, after) => {
        const hidden = hideRibs(before + rib + after)
        assert.ok(hidden.includes('••••') && !hidden.includes(rib.slice(0, 20)))
      }),
    )
  })

  it('keeps every other number: a wrong key, a shorter number, digits spread over a sentence', () => {
    const wrong = `${guideRib.slice(0, 23)}8`
    const spread = guideRib.split('').join(' et maintenant le chiffre qui vient après ')
    const inside = `9${guideRib.replace(/(....)/g, '$1 puis ')}9`
    for (const text of [wrong, guideRib.slice(1), 'AES-2026-000123', '06 61 23 45 67', spread, inside, 'Bonjour', '']) {
      assert.equal(hideRibs(text), text)
    }
  })

  it('waits no longer for a long message', () => {
    const long = '1'.repeat(200_000)
    const started = performance.now()
    hideRibs(long)
    assert.ok(performance.now() - started < 2_000)
  })
})
