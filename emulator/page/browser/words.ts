/** What Teams itself says around a chat, in the languages of the demo members. */
export interface Words {
  readonly direction: 'ltr' | 'rtl'
  readonly compose: string
  readonly send: string
  readonly attach: string
  readonly edited: string
  readonly typing: string
  readonly like: string
  readonly empty: string
  readonly add: string
}

const french: Words = {
  direction: 'ltr',
  compose: 'Tapez un message',
  send: 'Envoyer',
  attach: 'Joindre un fichier',
  edited: 'Modifié',
  typing: 'Moussaada écrit…',
  like: "J'aime",
  empty: 'Moussaada n’est pas encore dans votre Teams.',
  add: 'Ajouter l’application',
}

const arabic: Words = {
  direction: 'rtl',
  compose: 'اكتب رسالة',
  send: 'إرسال',
  attach: 'إرفاق ملف',
  edited: 'تم التعديل',
  typing: 'مساعدة تكتب…',
  like: 'أعجبني',
  empty: 'لم تتم إضافة «مساعدة» إلى Teams بعد.',
  add: 'إضافة التطبيق',
}

export const wordsOf = (locale: string): Words => (locale.startsWith('ar') ? arabic : french)
