import type { ReactNode } from 'react'
import type { Language } from '../../../services/language.ts'
import { keepSignsTogether, unbreakable } from '../../words/typography.ts'

/** What the assistant says, as it is set: no line ends before a high sign of French, nor within a dossier's number. */
export function TidyText({ text, language }: { readonly text: string; readonly language: Language }): ReactNode {
  const pieces = unbreakable(keepSignsTogether(text, language))
  return pieces.map((piece, index) =>
    piece.keep ? (
      <span key={index} className="unbreakable">
        {piece.text}
      </span>
    ) : (
      piece.text
    ),
  )
}
