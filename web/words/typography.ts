import type { Language } from '../../services/language.ts'

/** French puts a space before high signs and inside guillemets; a line must not break there. */
export function keepSignsTogether(text: string, language: Language): string {
  if (language !== 'fr') return text
  return text.replace(/ ([:;?!»%])/g, '\u00A0$1').replace(/« /g, '«\u00A0')
}
