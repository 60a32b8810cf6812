import { z } from 'zod'
import type { Language } from '../language.ts'
import type { Queryable } from '../storage/database.ts'
import type { StatementPart } from '../storage/statement-part.ts'
import type { ActivityBody, StoredActivity } from './activity.ts'
import { endTurnStatement } from './end-turn-statement.ts'

export interface EndOfTurn {
  /** The incoming activity whose turn this is. */
  readonly activity: Pick<StoredActivity, 'position'>
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

const beforeRow = z.object({ before: z.number() })

export function createEndTurn(now: () => Date) {
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
    const { before } = beforeRow.parse(rows[0])
    return said.map((_, index) => before + index + 1)
  }
}
