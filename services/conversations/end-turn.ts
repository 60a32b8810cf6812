import { z } from 'zod'
import type { Language } from '../language.ts'
import type { Queryable } from '../storage/database.ts'
import type { StatementPart } from '../storage/statement-part.ts'
import type { ActivityBody, StoredActivity } from './activity.ts'
import { endTurnStatement } from './end-turn-statement.ts'
import type { FreshActivities } from './fresh-activities.ts'

export interface EndOfTurn {
  /** The incoming activity whose turn this is. */
  readonly activity: StoredActivity
  readonly said: readonly ActivityBody[]
  readonly edits: readonly Edit[]
  readonly state: string
  /** Where the question asked last stands; below 0 for one of `said`: −1 is the first. */
  readonly askedPosition?: number | undefined
  readonly language: Language
  /** A change of the draft that is made with it, or else nothing is. */
  readonly draft?: StatementPart | undefined
}

export interface Edit {
  readonly position: number
  readonly body: ActivityBody
}

const takenRow = z.object({
  before: z.number(),
  begun: z.date(),
  /** When what was edited was said, by its position. */
  edited: z.record(z.string(), z.coerce.date()).nullable(),
})
type Taken = z.infer<typeof takenRow>

export function createEndTurn({ now, fresh }: { now: () => Date; fresh: FreshActivities }) {
  /**
   * Ends an incoming activity's turn: what was said goes below, edits go in their place with a new seq, so that whoever
   * has read them already reads them again. One statement, true by itself or in a transaction.
   * @returns the positions of `said`; undefined when another turn has ended it already, or the draft is not as it was
   *   read: in a transaction, roll back
   */
  return async function endTurn(queryable: Queryable, id: string, end: EndOfTurn): Promise<number[] | undefined> {
    const { said, edits, draft } = end
    const { rows } = await queryable.query(endTurnStatement(said.length, edits.length, draft), [
      id,
      end.activity.position,
      now(),
      end.state,
      end.language,
      end.askedPosition ?? null,
      ...said.map(body => JSON.stringify(body)),
      ...edits.flatMap(({ position, body }) => [position, JSON.stringify(body)]),
      ...(draft?.values ?? []),
    ])
    if (rows[0] === undefined) return undefined
    const taken = takenRow.parse(rows[0])
    // A transaction may yet change what it holds, or be rolled back.
    if (!('kind' in queryable)) fresh.put(id, committed(end, taken))
    return said.map((_, index) => taken.before + index + 1)
  }
}

/** The turn as it now stands in the transcript. */
function committed({ activity, said, edits }: EndOfTurn, { before, begun, edited }: Taken): StoredActivity[] {
  const { conversationId } = activity
  const out = { conversationId, direction: 'out' as const, due: false }
  return [
    { ...activity, due: false },
    ...edits.map(({ position, body }, index) => {
      return { ...out, position, seq: before - edits.length + index + 1, body, at: edited?.[position] ?? begun }
    }),
    ...said.map((body, index) => {
      const position = before + index + 1
      return { ...out, position, seq: position, body, at: new Date(begun.getTime() + index + 1) }
    }),
  ]
}
