import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { classify } from '../../dialogs/understanding/classify.ts'
import type { Context } from '../../dialogs/understanding/classify.ts'
import { classifyResume, classifyYesNo } from '../../dialogs/understanding/confirmation.ts'

function reads(context: Context, expected: Record<string, string>): void {
  const read = Object.fromEntries(Object.keys(expected).map(text => [text, classify(text, context)]))
  assert.deepEqual(read, expected)
}

describe('a member reviews the request', () => {
  it('sends it only with a yes that holds nothing back', () => {
    reads('review', {
      oui: 'submit',
      'safi sift': 'submit',
      'rien à changer, envoyez': 'submit',
      'أؤكد الطلب': 'submit',
    })
    reads('review', {
      'oui mais attendez': 'none',
      'oui ?': 'none',
      demain: 'none',
      'n’envoyez pas': 'none',
      'je crois que oui': 'none',
      'si je valide, je peux modifier après ?': 'none',
      'oui ou non': 'none',
      'ما تصيفطوش': 'none',
      'ghedda nsift': 'none',
      'oui ma femme est là': 'none',
      'je ne peux pas valider': 'none',
      'continuer ma demande': 'none',
    })
  })

  it('corrects the one answer that is named, and none when two are', () => {
    reads('review', { 'oui mais changez le RIB': 'edit_rib', 'machi ana, mrati': 'edit_beneficiary' })
    reads('review', { 'le rib et le motif sont faux': 'none' })
  })
})

describe('a member thinks better of it', () => {
  it('cancels when that is what the words say', () => {
    reads('motif', { annuler: 'cancel', 'ما بقيتش باغي نكمل': 'cancel', '7bes talab': 'cancel' })
  })

  it('asks for news of a cancelled request without cancelling another', () => {
    reads('any', { 'est-ce que ma demande est annulée ?': 'history', 'ma demande a été annulée': 'none' })
  })

  it('does not cancel by a word in a sentence that denies it', () => {
    reads('motif', { "je n'ai pas annulé": 'none', "n'annulez pas": 'none', 'ما تلغيوش الطلب': 'none' })
    reads('rib', { 'je ne veux pas annuler': 'none', 'لا أريد إلغاء الطلب': 'none' })
  })
})

describe('a member is shown the RIB', () => {
  it('confirms, rejects or changes it', () => {
    reads('rib', { "daccord, rien n'a changé": 'confirm', 'هو هادا نيت ما تبدل والو': 'confirm' })
    reads('rib', { 'c pas mon compte': 'reject', 'c po mon rib': 'reject', 'c po le bon rib': 'reject' })
    reads('rib', { 'oui mais j’ai un nouveau compte': 'change', 'je confirme pas': 'reject', 'غير صحيح': 'reject' })
  })

  it('is asked again when in doubt', () => {
    reads('rib', { 'oui je crois': 'none', ma3raftch: 'none', 'je vérifie demain': 'none', 'ليس بعد': 'none' })
  })
})

describe('a member says whom the request is for', () => {
  it('is understood in each variety, by word, number or rank', () => {
    reads('beneficiary', { 'la 2': 'spouse', 'الخيار الثالث': 'child', 'talet wa7d': 'child', لمراتي: 'spouse' })
    reads('beneficiary', { 'pas moi, ma femme': 'spouse', "moi c'est pour ma fille": 'child', '١': 'member' })
  })

  it('gets no answer chosen for other relatives, nor for two persons', () => {
    reads('beneficiary', { والدي: 'none', lwalid: 'none', 'ma sœur': 'none', 'bent khti': 'none' })
    reads('beneficiary', {
      'أنا وزوجتي': 'none',
      'pour ma femme et mon fils': 'none',
      'les deux': 'none',
      'mon fils et ma fille': 'none',
      'wladi bjouj': 'none',
    })
  })
})

describe('a member gives a number', () => {
  it('has chosen an option only where options are numbered', () => {
    reads('motif', { '3': 'unreimbursed', '1 et 2': 'none', '4': 'none' })
    for (const context of ['any', 'consent', 'rib', 'document', 'review'] as const)
      reads(context, { '1': 'none', '٢': 'none' })
  })

  it('has not chosen by an age', () => {
    reads('beneficiary', { 'mon fils de 2 ans': 'child', 'ma fille a 1 an': 'child' })
  })
})

describe('a member answers a confirmation', () => {
  it('may name what is agreed to or refused', () => {
    const read = (text: string) => classifyYesNo(text, 'cancel')
    assert.deepEqual(['oui', 'annuler', 'wakha lghi', 'لا', 'Non, continuer'].map(read), [
      'yes',
      'yes',
      'yes',
      'no',
      'no',
    ])
  })

  it('loses nothing by an answer that goes both ways', () => {
    for (const text of ['oui continuer', 'non, annuler', 'oui mais', 'peut-être', 'annuler ?', 'ok demain']) {
      assert.equal(classifyYesNo(text, 'cancel'), 'open', text)
    }
  })

  it('goes on with a request that was left, or begins anew', () => {
    assert.deepEqual(['oui', 'nkmel', 'نتابع', 'on reprend'].map(classifyResume), Array<string>(4).fill('continue'))
    assert.deepEqual(
      ['recommencer', 'mn lwl', 'nouvelle demande'].map(classifyResume),
      Array<string>(3).fill('restart'),
    )
    assert.deepEqual(
      ['non', 'oui recommencer', 'plus tard', 'annuler'].map(classifyResume),
      Array<string>(4).fill('open'),
    )
  })
})
