import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'node:test'
import { isBinding } from '../../dialogs/understanding/binding/binding-answer.ts'
import { tableOf, type BindingAnswer } from '../../dialogs/understanding/binding/tables.ts'
import { classifyYesNo } from '../../dialogs/understanding/confirmation.ts'
import { nearestAnswer } from '../../dialogs/understanding/nearest-answer.ts'
import reserves from '../conversations/utterances/reserves.json' with { type: 'json' }

const answers: BindingAnswer[] = ['accept', 'decline', 'confirm', 'submit', 'cancel', 'restart', 'startOver', 'unlink']
const held = Object.values(reserves).flat()
/** A no beside a refusal takes nothing back. */
const heldFrom = (answer: BindingAnswer) => held.filter(template => !isBinding(within(template, ''), answer))
const listed = (answer: BindingAnswer) =>
  [...tableOf(answer).forms].flatMap(([form, kind]) => (kind === 'whole' ? [form] : []))
const within = (template: string, form: string) => template.replace('{}', form)

/** What is denied, doubted, put off, asked or quoted, and binds all the same. */
const mistaken = (answer: BindingAnswer, templates: readonly string[], forms: readonly string[]) =>
  templates.flatMap(template => forms.map(form => within(template, form))).filter(text => isBinding(text, answer))

describe('a member says a binding word, and does not mean it', () => {
  for (const answer of answers) {
    it(`binds to nothing whatever is listed for « ${answer} »`, () => {
      const forms = listed(answer)
      fc.assert(
        fc.property(fc.constantFrom(...forms), fc.constantFrom(...heldFrom(answer)), (form, template) => {
          assert.equal(isBinding(within(template, form), answer), false)
        }),
        { numRuns: 5000 },
      )
    })

    it(`binds to nothing with any reserve around the short words of « ${answer} »`, () => {
      const short = listed(answer).filter(form => !form.includes(' '))
      assert.deepEqual(mistaken(answer, heldFrom(answer), short), [])
    })
  }

  it('is not offered to send what is denied or complained of', () => {
    const denied = [
      'ne pas {}',
      'surtout pas {}',
      'pas encore {}',
      "ce n'est toujours pas {}",
      'لم {} بعد',
      'ماشي {}',
      'machi {}',
    ]
    const words = [
      'envoyer',
      'envoyez',
      'terminer',
      'correct',
      'bon',
      'exact',
      'validé',
      'corrigé',
      'modifié',
      'changé',
    ]
    const arabic = ['صحيح', 'مضبوط', 'أصحح', 'أغير', 'صيفط', 'مزيان', 's7i7', 'sift', 'mzyan']
    const said = denied.flatMap(template => [...words, ...arabic].map(word => within(template, word)))
    assert.deepEqual(
      said.filter(text => nearestAnswer(text, 'review') === 'submit'),
      [],
    )
  })

  it('has fifty reserves and more in each variety', () => {
    for (const [variety, templates] of Object.entries(reserves))
      assert.ok(new Set(templates).size >= 50, `${variety}: ${templates.length}`)
  })

  it('has every listed word bind when it stands alone, with a courtesy, and with a full stop', () => {
    for (const answer of answers) {
      const missed = listed(answer).filter(form => !isBinding(form, answer) || !isBinding(`${form}, merci !`, answer))
      assert.deepEqual(missed, [], answer)
    }
  })
})

describe('a member does not want to cancel', () => {
  const noes = ['non', 'nan', 'non non', 'لا', 'لالا', 'كلا', 'la', 'lla', 'lala', 'no']
  const marks = [', ', '. ', ' ; ', '\n', ' - ', ' — ', '، ', '! ', ' ']
  const goesOn = [
    ...[
      'continuer',
      'je veux continuer',
      'je continue',
      'on continue ma demande',
      'poursuivre',
      'je souhaite poursuivre',
    ],
    ...['أريد المتابعة', 'المتابعة', 'أريد الاستمرار', 'أرغب في المتابعة', 'أريد الإكمال', 'أكمل الطلب', 'نتابع'],
    ...['نكمل', 'بغيت نكمل', 'بغيت نكمل الطلب', 'خليوني نكمل', 'nkmel', 'bghit nkmel', 'nkemmel talab', 'kmel', 'zid'],
  ]

  it('loses nothing by a no and going on, however they are put together', () => {
    const said = noes.flatMap(no =>
      marks.flatMap(mark => goesOn.flatMap(on => [`${no}${mark}${on}`, `${on}${mark}${no}`])),
    )
    const lost = said.filter(text => [classifyYesNo(text, 'cancel'), classifyYesNo(text, 'restart')].includes('yes'))
    assert.ok(said.length > 2068)
    assert.deepEqual(lost, [])
  })

  it('is not asked for more than a decision where the no stands in a clause of its own', () => {
    for (const text of ['لا، أريد المتابعة', 'non, je veux continuer', 'la, bghit nkmel', 'لا. نكمل'])
      assert.equal(classifyYesNo(text, 'cancel'), 'no', text)
  })
})
