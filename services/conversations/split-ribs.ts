import { z } from 'zod'
import { digitValue } from '../members/digits.ts'
import { hideRibAcross } from '../members/rib-search.ts'
import type { Database } from '../storage/database.ts'
import { activityBodySchema, type ActivityBody, type StoredActivity } from './activity.ts'
import { replaceIncoming } from './incoming-bodies.ts'

/** Messages of one member that come within so long may hold one RIB together. */
const TOGETHER_MS = 60_000
/** Messages before the new one; the bot's own stand between them. */
const MOST_MESSAGES = 4
const MOST_PLACES = 30

export interface SplitRibs {
  /** What came in, with its part of a RIB masked that began in the messages before it; theirs is masked where it is stored. */
  hide(turn: { readonly activity: StoredActivity; readonly isArriving?: boolean }): Promise<StoredActivity>
}

const messagesBefore = `
select position, body from activity
where conversation_id = $1 and direction = 'in' and position < $2 and position >= $2 - ${MOST_PLACES} and at > $3
order by position desc limit ${MOST_MESSAGES}`

const row = z.object({ position: z.number(), body: z.string() })

interface Message {
  readonly position: number
  readonly body: ActivityBody
  readonly text: string
}

const isDigit = (character: string): boolean => digitValue(character) !== undefined

export function createSplitRibs({ database }: { database: Database }): SplitRibs {
  async function before({ conversationId, position, at }: StoredActivity): Promise<Message[]> {
    const since = new Date(at.getTime() - TOGETHER_MS)
    const { rows } = await database.query(messagesBefore, [conversationId, position, since])
    return rows.reverse().flatMap(found => {
      const stored = row.parse(found)
      const body = activityBodySchema.parse(JSON.parse(stored.body))
      return body.text === undefined ? [] : [{ position: stored.position, body, text: body.text }]
    })
  }

  return {
    async hide({ activity, isArriving = false }) {
      const { conversationId, body } = activity
      // Most turns are a button's, and few words have a digit: only these ask the database.
      if (body.type !== 'message' || body.text === undefined || ![...body.text].some(isDigit)) return activity
      const messages = await before(activity)
      const masked = hideRibAcross([...messages.map(({ text }) => text), body.text])
      if (!masked) return activity
      for (const [index, message] of messages.entries()) {
        const text = masked[index]
        if (text === undefined || text === message.text) continue
        await database.query('update activity set body = $3 where conversation_id = $1 and position = $2', [
          conversationId,
          message.position,
          JSON.stringify({ ...message.body, text }),
        ])
      }
      const hidden = { ...body, text: masked.at(-1) ?? body.text }
      if (!isArriving) await replaceIncoming(database, activity, hidden)
      return { ...activity, body: hidden }
    },
  }
}
