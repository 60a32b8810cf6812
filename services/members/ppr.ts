import { digitValue } from './digits.ts'

/** No official length is published: a string of digits, whose leading zeros count. */
export const pprPattern = /^[0-9]{1,12}$/

/** A PPR as somebody types it: spaces and marks of direction do not count, digits of other scripts do. */
export function normalisePpr(typed: string): string | undefined {
  const bare = typed.replace(/[\s\p{Cf}]/gu, '')
  let ppr = ''
  for (const character of bare) ppr += digitValue(character) ?? character
  return pprPattern.test(ppr) ? ppr : undefined
}
