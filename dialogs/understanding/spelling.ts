const DOUBLES = /(.)\1+/gu
const ARABIZI_SOUNDS: [RegExp, string][] = [
  [/kh|5/g, 'x'],
  [/gh/g, 'ġ'],
  [/ch|sh/g, 'š'],
  [/th/g, 't'],
  [/dh/g, 'd'],
  [/7/g, 'h'],
  [/9/g, 'q'],
  [/6/g, 't'],
  [/2/g, ''],
  [/ou|oo|w|o/g, 'u'],
  [/y|ee/g, 'i'],
  [/c/g, 'k'],
  [/e/g, ''],
]

/** Typists double and undouble letters freely: "anuler", "nbeddel" / "nbedel". */
export function withoutDoubles(word: string): string {
  return word.replace(DOUBLES, '$1')
}

/** One key for the spellings of an Arabizi word: chno, chnou, shnu; weldi, ouldi, wldi. */
export function phoneticKey(word: string): string {
  let key = word
  for (const [letters, sound] of ARABIZI_SOUNDS) key = key.replace(letters, sound)
  return withoutDoubles(key)
}

/** Consonants alone, for Arabizi whose vowels are anyone's guess: bghit, bghet, bghyat. */
export function skeletonKey(word: string): string {
  return withoutDoubles(phoneticKey(word).replace(/[aiu]/g, ''))
}

/** The word and every word with one letter left out: two words that share one of these are a typo apart. */
export function deletions(word: string): string[] {
  const results = [word]
  for (let at = 0; at < word.length; at += 1) results.push(word.slice(0, at) + word.slice(at + 1))
  return results
}

/** Whether two Arabizi spellings sound within one letter of each other, long words within two: bghit, bghet; mousa3ada, mosa3da. */
export function soundAlike(a: string, b: string): boolean {
  const [one, other] = [phoneticKey(a), phoneticKey(b)]
  return one[0] === other[0] && editDistance(one, other) <= (Math.min(one.length, other.length) > 6 ? 2 : 1)
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}

/** Whether one typo (a letter missing, added, replaced, or two swapped) turns one word into the other. */
export function isOneTypoApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  const restA = a.slice(start)
  const restB = b.slice(start)
  if (restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1)) return true
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2)
}
