import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { classify } from '../../dialogs/understanding/classify.ts'
import { classifyYesNo } from '../../dialogs/understanding/confirmation.ts'
import { contexts } from '../support/utterances.ts'

const opened = (texts: readonly string[]) =>
  texts.flatMap(text =>
    contexts
      .filter(context => ['cancel', 'restart'].includes(classify(text, context)))
      .map(context => `${context}: ${text}`),
  )

describe('a member names cancelling and does not want it', () => {
  it('is not asked whether to cancel after « surtout pas »', () => {
    assert.deepEqual(
      opened([
        ...[
          'surtout pas annuler',
          'surtout pas annulez',
          'annuler surtout pas',
          'annuler, surtout pas',
          'surtout pas d’annulation',
        ],
        ...[
          "n'annulez surtout pas",
          'ne surtout pas annuler',
          'surtout ne pas annuler',
          'il ne faut surtout pas annuler',
        ],
        ...['je ne veux surtout pas annuler', 'je veux surtout pas annuler', 'surtout pas supprimer ma demande'],
        ...[
          'surtout pas abandonner',
          "n'abandonnez surtout pas ma demande",
          'surtout pas tout recommencer',
          'surtout pas recommencer',
        ],
        ...[
          'ne recommencez surtout pas',
          'recommencer, surtout pas',
          'surtout n’annulez rien',
          'surtout pas arrêter maintenant',
        ],
        ...[
          'non surtout pas annuler',
          'annulez pas surtout',
          'pas question d’annuler',
          'hors de question de recommencer',
        ],
        ...[
          'certainement pas annuler',
          'absolument pas annuler',
          'jamais annuler',
          'annuler ? jamais',
          'annuler : non',
        ],
      ]),
      [],
    )
  })

  it('is not asked after ماشي, بلاش, لا and ما…ش', () => {
    assert.deepEqual(
      opened([
        ...[
          'ماشي نلغي',
          'ماشي بغيت نلغي',
          'بلاش نلغي',
          'بلاش تلغيو',
          'ما تلغيوش',
          'ما نلغيش',
          'ما بغيتش نلغي',
          'ما غاديش نلغي',
        ],
        ...[
          'لا تلغوا الطلب',
          'لا أريد الإلغاء',
          'لن ألغي',
          'لم ألغ شيئا',
          'ليس إلغاء',
          'دون إلغاء',
          'ماشي نعاود',
          'بلاش نعاودو من الأول',
        ],
        ...[
          'machi nlghi',
          'machi bghit nlghi',
          'blach nlghi',
          'ma tlghich',
          'matlghiwch',
          'mabghitch nlghi',
          'ma bghitch nlghi talab',
        ],
        ...[
          'ma ghadich nlghi',
          'manlghich',
          'bla ma nlghi',
          'machi n3awd',
          'blach n3awdo',
          'ma bghitch n3awd mn lwl',
          'ma t3awdoch',
        ],
      ]),
      [],
    )
  })

  it('is not asked for what others say, nor for a question', () => {
    assert.deepEqual(
      opened([
        ...[
          "mon mari dit d'annuler",
          'on m’a dit annuler',
          'ma femme a dit annulez',
          'il paraît que c’est annulé',
          'mon chef m’a dit de recommencer',
        ],
        ...['قال ليا راجلي نلغي', 'قالت لي زوجتي ألغ الطلب', 'كيقول ليك لغي', 'قالو ليا نعاود من الأول'],
        ...['gal liya rajli nlghi', 'galou liya lghi', 'kaygol lghi', 'galt liya n3awd'],
        ...[
          'est-ce annulé ?',
          'c’est annulé ?',
          'واش نلغي؟',
          'wach nlghi ?',
          'هل تم الإلغاء؟',
          'est-ce que ça recommence ?',
        ],
      ]),
      [],
    )
  })

  it('is asked where that is what the words say', () => {
    for (const text of [
      'annuler',
      'je veux annuler',
      'non, annulez',
      'إلغاء الطلب',
      'بغيت نلغي',
      'bghit nlghi',
      'بلاش',
      'بلاش منها',
    ])
      assert.equal(classify(text, 'motif'), 'cancel', text)
    for (const text of ['recommencer', 'نعاود من الأول', 'bghit n3awd mn lwl'])
      assert.equal(classify(text, 'motif'), 'restart', text)
  })

  it('keeps the request where the confirmation stands already', () => {
    for (const text of [
      'surtout pas annuler',
      'surtout pas',
      'ne pas annuler',
      'ماشي نلغي',
      'ma tlghich',
      'لا تلغوا الطلب',
    ])
      assert.notEqual(classifyYesNo(text, 'cancel'), 'yes', text)
  })
})
