import type { Language } from '../../services/language.ts'

/** French puts a space before high signs and inside guillemets; a line must not break there. */
export function keepSignsTogether(text: string, language: Language): string {
  if (language !== 'fr') return text
  return text.replace(/ ([:;?!»%])/g, '\u00A0$1').replace(/« /g, '«\u00A0')
}

/** A text in pieces: what must stay on one line, a dossier's number above all, stands by itself. */
export function unbreakable(text: string): ReadonlyArray<{ readonly text: string; readonly keep: boolean }> {
  return text
    .split(/(AES-\d{4}-\d+)/)
    .map((piece, index) => ({ text: piece, keep: index % 2 === 1 }))
    .filter(piece => piece.text !== '')
}
