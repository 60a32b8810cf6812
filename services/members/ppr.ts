import { digitAt } from './digits.ts'

/** No official length is published: a string of digits, whose leading zeros count. */
export const pprPattern = /^[0-9]{1,12}$/

/** A PPR as somebody types it: spaces and marks of direction do not count, Arabic-Indic digits do. */
export function normalisePpr(typed: string): string | undefined {
  const bare = typed.replace(/[\s\p{Cf}]/gu, '')
  let ppr = ''
  for (let index = 0; index < bare.length; index++) ppr += digitAt(bare, index) ?? bare[index]
  return pprPattern.test(ppr) ? ppr : undefined
}
