import type { ActivityBody } from './activity.ts'

/** UTF-16 units kept of one message: far above any answer, and about a page. */
export const TEXT_LIMIT = 4000

// PostgreSQL refuses NUL in text, and a surrogate without its half is no character at all.
const unstorable = /[\0\p{Surrogate}]/gu

/** Removes what cannot be stored or sent as UTF-8. */
export const storable = (text: string): string => text.replace(unstorable, '')

/** @returns the body with a text that can be stored, cut to {@link TEXT_LIMIT} and marked when it was longer */
export function withStorableText(body: ActivityBody): ActivityBody {
  if (body.text === undefined) return body
  const text = storable(body.text.slice(0, TEXT_LIMIT))
  return body.text.length > TEXT_LIMIT ? { ...body, text, truncated: true } : { ...body, text }
}
