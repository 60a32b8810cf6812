import { isCourtesy } from './courtesies.ts'
import book from './deposit-words.json' with { type: 'json' }
import { tokenize } from './normalize.ts'

/** What a member may ask or say while their request waits for another RIB. */
export const depositTopics = ['news', 'hours', 'address', 'where', 'bring', 'why', 'continue', 'noted'] as const
export type DepositTopic = (typeof depositTopics)[number]

/** These act or close the talk: only when they are all that is said. */
const WHOLE = new Set<DepositTopic>(['continue', 'noted'])
/** Words of a question about this; more is a story, which the words only stand in. */
const LONGEST = 14

const fold = (text: string): string =>
  tokenize(text)
    .tokens.map(token => token.text)
    .join(' ')

const phrases = once(
  () =>
    new Map(
      depositTopics.map(topic => {
        const lists = Object.values(book[topic])
        return [topic, lists.flatMap(list => list.split(',').map(fold))] as const
      }),
    ),
)

/**
 * What is said about a deposit, the first of the topics that fits; undefined when it is about something else. An address
 * or the hours may also be asked for by a word alone.
 */
export function readDeposit(text: string): DepositTopic | undefined {
  const words = fold(text).split(' ').filter(Boolean)
  if (words.length === 0 || words.length > LONGEST) return undefined
  if (words.every(isCourtesy)) return 'noted'
  const said = ` ${words.join(' ')} `
  const bare = ` ${words.filter(word => !isCourtesy(word)).join(' ')} `
  return depositTopics.find(topic =>
    (phrases().get(topic) ?? []).some(phrase =>
      WHOLE.has(topic) ? [said, bare].includes(` ${phrase} `) : said.includes(` ${phrase} `),
    ),
  )
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
