import { clausesOf } from './clauses.ts'
import { withoutCourtesies } from './courtesies.ts'
import { tableOf, type BindingAnswer, type Table } from './tables.ts'

export type { BindingAnswer } from './tables.ts'

/** "Ok, tout est bon, envoyez": nobody says more than this in a row. */
const MOST_IN_A_ROW = 4

/**
 * Whether a text gives an answer that binds. It does so only when the whole text, courtesies at its ends aside, is a listed
 * form, or a row of listed forms: no stem, no typing error, no denied opposite, and no word left over.
 */
export function isBinding(text: string, answer: BindingAnswer): boolean {
  return rowsOf(text, answer).some(row => row === 'whole')
}

/** Whether a text says only what goes along with an answer, and not the answer: "rien à changer". */
export function accompanies(text: string, answer: BindingAnswer): boolean {
  const rows = rowsOf(text, answer)
  return rows.length > 0 && rows.every(row => row === 'beside')
}

/** A row for each clause that is no courtesy; none at all when a word is left over in any of them. */
function rowsOf(text: string, answer: BindingAnswer): Row[] {
  const table = tableOf(answer)
  const most = { whole: table.mostInARow, all: MOST_IN_A_ROW }
  const rows = (clausesOf(text) ?? []).flatMap(clause => {
    const words = withoutCourtesies(clause)
    if (words.length === 0) return []
    // « Merci d'annuler » begins with no courtesy.
    return [rowOf(words, table, most) ?? rowOf(clause, table, most)]
  })
  return rows.every(row => row !== undefined) ? rows : []
}

/** `whole` when one of the forms in it binds by itself. */
type Row = 'whole' | 'beside'

function rowOf(words: readonly string[], table: Table, { whole, all }: Left): Row | undefined {
  if (words.length === 0) return 'beside'
  if (all === 0) return undefined
  let found: Row | undefined
  for (let count = Math.min(table.longest, words.length); count > 0 && found !== 'whole'; count -= 1) {
    const form = table.forms.get(words.slice(0, count).join(' '))
    if (!form || (form === 'whole' && whole === 0)) continue
    const left = { whole: form === 'whole' ? whole - 1 : whole, all: all - 1 }
    const rest = rowOf(words.slice(count), table, left)
    if (rest) found = form === 'whole' ? 'whole' : rest
  }
  return found
}

/** How many forms may still follow. */
interface Left {
  readonly whole: number
  readonly all: number
}
