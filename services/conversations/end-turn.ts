import { z } from 'zod'
import type { Language } from '../language.ts'
import type { Queryable } from '../storage/database.ts'
import type { StatementPart } from '../storage/statement-part.ts'
import type { ActivityBody, StoredActivity } from './activity.ts'
import { endTurnStatement } from './end-turn-statement.ts'
import { TranscriptTail } from './transcript-tail.ts'

export interface EndOfTurn {
  /** The incoming activity whose turn this is. */
  readonly activity: StoredActivity
  /** It came just now, and is stored by this: if nothing else was since it was given its position. */
  readonly isArriving?: boolean | undefined
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

export interface EndedTurn {
  /** Of `said`. */
  readonly positions: readonly number[]
  /** Undefined when something else came in between. */
  readonly tail: TranscriptTail | undefined
}

const endedRow = z.object({ before: z.number(), begun: z.date(), edited: z.array(z.date()) })
type EndedRow = z.infer<typeof endedRow>

export function createEndTurn(now: () => Date) {
  /**
   * Ends an incoming activity's turn: what was said goes below, edits go in their place with a new seq, so that whoever
   * has read them already reads them again. One statement, true by itself or in a transaction.
   * @returns undefined when another turn has ended it already, or the draft or, for what is arriving, the conversation is
   *   not as it was read: in a transaction, roll back
   */
  return async function endTurn(queryable: Queryable, id: string, end: EndOfTurn): Promise<EndedTurn | undefined> {
    const { said, edits, activity, isArriving = false, draft } = end
    const statement = endTurnStatement({ said: said.length, edited: edits.length, isArriving, draft })
    const { rows } = await queryable.query(statement, [
      id,
      activity.position,
      now(),
      end.state,
      end.language,
      end.askedPosition ?? null,
      ...said.map(body => JSON.stringify(body)),
      ...edits.flatMap(({ position, body }) => [position, JSON.stringify(body)]),
      ...(isArriving ? [activity.clientId ?? null, JSON.stringify(activity.body)] : []),
      ...(draft?.values ?? []),
    ])
    if (rows[0] === undefined) return undefined
    const ended = endedRow.parse(rows[0])
    return { positions: said.map((_, index) => ended.before + index + 1), tail: tailOf(end, ended) }
  }
}

/** As it would be read. */
function tailOf({ activity, isArriving, said, edits }: EndOfTurn, { before, begun, edited }: EndedRow) {
  const { conversationId, position, seq } = activity
  if (before - edits.length !== seq || edited.length !== edits.length) return undefined
  const out = { conversationId, direction: 'out', due: false } as const
  const inPlace = edits.map((edit, index) => ({ ...out, ...edit, seq: position + index + 1 }))
  const times = new Map(inPlace.toSorted(byPosition).map((edit, index) => [edit, edited[index] ?? begun]))
  return new TranscriptTail(seq - 1, [
    { ...activity, due: false, ...(isArriving && { at: begun }) },
    ...inPlace.map(edit => ({ ...edit, at: times.get(edit) ?? begun })),
    ...said.map((body, index) => {
      const place = before + index + 1
      return { ...out, position: place, seq: place, body, at: new Date(begun.getTime() + index + 1) }
    }),
  ])
}

const byPosition = (one: Edit, other: Edit): number => one.position - other.position
