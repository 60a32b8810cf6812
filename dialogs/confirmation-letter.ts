import { createMailWords } from '../locales/mail-words.ts'
import type { Translators } from '../locales/translator.ts'
import type { WriteLetter } from '../services/notifications/mail/letter.ts'

interface Deps {
  readonly translators: Translators
  /** Where the assistant is opened. */
  readonly url: string
  /** Whom to tell that a request was not one's own. */
  readonly contact: Readonly<Record<'fr' | 'ar', string>>
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
])
const escape = (text: string): string => text.replaceAll(/[&<>"]/g, sign => entities.get(sign) ?? sign)

const font = "font-family:'Segoe UI',Tahoma,Arial,sans-serif;font-size:16px;line-height:1.6;color:#1b2a24"
/** Read by the list of mails in place of the first lines, and shown nowhere. */
const hidden = 'display:none;max-height:0;overflow:hidden;mso-hide:all'
const numberBox = 'margin:16px 0;font-size:22px;font-weight:600;letter-spacing:0.5px'
const link =
  'display:inline-block;padding:10px 20px;background:#0b5d43;color:#ffffff;text-decoration:none;border-radius:6px'

/** The mail that follows a submission. Styles stand at each element: mail programs drop what stands elsewhere. */
export function createConfirmationLetter({ translators, url, contact }: Deps): WriteLetter {
  const words = { fr: createMailWords('fr'), ar: createMailWords('ar') }

  return ({ language, memberName, number, submittedAt }) => {
    const say = words[language]
    const translator = translators[language]
    const { direction, locale } = translator
    const line = (text: string, style = ''): string => `<p style="margin:0 0 12px;${style}">${escape(text)}</p>`
    const body = [
      `<div style="${hidden}">${escape(say('confirmation.preview'))}</div>`,
      line(say('confirmation.greeting', { name: memberName })),
      line(say('confirmation.received', { date: translator.date(submittedAt) })),
      // Digits and hyphens keep their order in both directions.
      `<p style="${numberBox}"><bdi dir="ltr">${escape(number)}</bdi></p>`,
      line(say('confirmation.next')),
      `<p style="margin:20px 0"><a href="${escape(url)}" style="${link}">${escape(say('confirmation.open'))}</a></p>`,
      line(say('confirmation.notYou', { contact: contact[language] })),
      line(say('confirmation.automatic'), 'font-size:13px;color:#4d5c55'),
    ]
    const align = direction === 'rtl' ? 'right' : 'left'
    const open = `<div dir="${direction}" lang="${locale}" style="max-width:560px;text-align:${align};${font}">`
    const html = `<!doctype html><html lang="${locale}" dir="${direction}"><body>${open}${body.join('')}</div></body></html>`
    return { subject: say('confirmation.subject'), html }
  }
}
