import { normalize } from './normalize.ts'

/** What people of both languages say in either, so that it tells nothing of the one they want to be answered in. */
const COURTESIES = new Set(
  [
    'oui non ok okay oki okk d accord dac merci mrc svp stp s il vous te plait bonjour bjr bonsoir salut salam slm salamo',
    'alikoum alaykoum 3alikom safi saf wakha waha ouakha chokran choukran lah yah la hamdoulah inchallah inch allah yes no',
    'نعم لا شكرا جزيلا السلام سلام عليكم مرحبا صافي واخا حسنا طيب اوكي أوكي إن شاء الله الحمد لله ميرسي بونجور وي',
  ]
    .join(' ')
    .split(' ')
    .map(normalize),
)

/** Whether a folded word is one of them. */
export const isCourtesy = (word: string): boolean => COURTESIES.has(word)
