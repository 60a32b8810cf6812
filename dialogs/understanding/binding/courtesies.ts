import { expand } from './expand.ts'
import lists from './forms/courtesies.json' with { type: 'json' }

interface Courtesies {
  /** At either end. */
  readonly anywhere: ReadonlySet<string>
  /** Greetings: at the end they are goodbyes. */
  readonly first: ReadonlySet<string>
}

const LONGEST_WORDS = 5

const written = (lists: Readonly<Record<string, readonly string[]>>): string[] =>
  Object.values(lists).flatMap(list => list.flatMap(form => expand(form)))

let compiled: Courtesies | undefined

function courtesies(): Courtesies {
  return (compiled ??= {
    anywhere: new Set(written(lists.anywhere)),
    first: new Set([...written(lists.anywhere), ...written(lists.first)]),
  })
}

/** What is left of a clause without the courtesies at its ends; nothing when it is one. */
export function withoutCourtesies(words: readonly string[]): readonly string[] {
  const { anywhere, first } = courtesies()
  let left = words
  for (;;) {
    const before = left.length
    left = left.slice(longest(left, first, 'start'))
    left = left.slice(0, left.length - longest(left, anywhere, 'end'))
    if (left.length === before) return left
  }
}

function longest(words: readonly string[], known: ReadonlySet<string>, end: 'start' | 'end'): number {
  for (let count = Math.min(LONGEST_WORDS, words.length); count > 0; count -= 1) {
    const part = end === 'start' ? words.slice(0, count) : words.slice(-count)
    if (known.has(part.join(' '))) return count
  }
  return 0
}
