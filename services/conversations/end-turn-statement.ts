import type { StatementPart } from '../storage/statement-part.ts'

/** A text that is made anew is copied, hashed and looked up each time: a fiftieth of a turn. */
const written = new Map<StatementPart['text'] | undefined, Map<string, string>>()

export interface EndOfTurnShape {
  /** How many activities were said, and how many changed in place. */
  readonly said: number
  readonly edited: number
  /** What came in is stored with the rest. */
  readonly isArriving: boolean
  readonly draft?: StatementPart | undefined
}

/**
 * The whole end of a turn; no row when another has ended it, or when `draft` changed nothing. What came in goes before the
 * edits and those before what was said, in order of seq: what was used goes inert before the next question shows. The
 * conversation's row is locked before the activity's, as where a message is taken in: else one that comes a second time
 * meanwhile and the end of its turn wait for each other.
 *
 * $1 conversation, $2 position of what came in, $3 now, $4 state, $5 language, $6 place of the question asked last (below
 * 0: −1 is the first one said now), then the body of each activity said, then position and body of each edit, then client
 * id and body of what is arriving, then what `draft` takes.
 * @returns SQL that gives `before`, `begun` and `edited`: the positions of what was said follow `before`, its times
 *   `begun`, one millisecond each; when what was edited was said, by position
 */
export function endTurnStatement(shape: EndOfTurnShape): string {
  const texts = written.get(shape.draft?.text) ?? new Map<string, string>()
  written.set(shape.draft?.text, texts)
  const key = `${shape.said} ${shape.edited} ${shape.isArriving}`
  const text = texts.get(key) ?? write(shape)
  texts.set(key, text)
  return text
}

function write(shape: EndOfTurnShape): string {
  const { said, edited, isArriving, draft } = shape
  const behind = 7 + said + 2 * edited
  const condition = isArriving ? undisturbed(draft, behind + 2) : finishing(draft, behind)
  const taken = edited + said + (isArriving ? 1 : 0)
  return `
with ${condition.text}, taken as (
  update conversation
  set last_seq = last_seq + ${taken}, state = $4, language = $5,${isArriving ? ' active_at = $3,' : ''}
    last_at = greatest($3, last_at + interval '1 millisecond') + interval '${said} milliseconds',
    asked_position = case when $6::int < 0 then last_seq + ${taken - said} - $6::int else $6::int end
  where id = $1 and exists (select from ${condition.holds})
  returning last_seq - ${said} as before, last_at - interval '${said} milliseconds' as begun
)${isArriving ? arriving(behind) : ''}${said > 0 ? adding(said) : ''}${edited > 0 ? editing(edited, said) : ''}
select before, begun, ${edited > 0 ? 'array(select at from edited order by position)' : "'{}'::timestamptz[]"} as edited
from taken`
}

/** What must be so, and which of its queries has a row when it is. */
interface Condition {
  readonly text: string
  readonly holds: string
}

/** Nothing has come or gone since what is arriving was given its position. */
function undisturbed(draft: StatementPart | undefined, first: number): Condition {
  const open = `open as (
  select id from conversation where id = $1 and last_seq = $2 - 1 and closed_at is null for no key update
)`
  if (!draft) return { text: open, holds: 'open' }
  const changed = draft.text(first, 'exists (select from open)')
  return { text: `${open}, changed as (\n  ${changed}\n)`, holds: 'changed' }
}

/** What is due is so no more. */
function finishing(draft: StatementPart | undefined, first: number): Condition {
  const open = 'open as (\n  select id from conversation where id = $1 for no key update\n)'
  const finished = (condition: string): string => `finished as (
  update activity set due = false from open
  where conversation_id = open.id and position = $2 and due ${condition} returning position
)`
  if (!draft) return { text: `${open}, ${finished('')}`, holds: 'finished' }
  // Locked first: else two turns of one activity could change the draft, and only one of them end the activity.
  const waiting = `waiting as (
  select position from activity, open where conversation_id = open.id and position = $2 and due for update of activity
)`
  const changed = `changed as (\n  ${draft.text(first, 'exists (select from waiting)')}\n)`
  return { text: [open, waiting, changed, finished('and exists (select from changed)')].join(', '), holds: 'finished' }
}

const arriving = (first: number): string => `, arrived as (
  insert into activity (conversation_id, position, seq, direction, client_id, body, at)
  select $1, $2, $2, 'in', $${first}::text, $${first + 1}::text, begun from taken
)`

function adding(said: number): string {
  const bodies = places(said).map(place => `(${place}, $${place + 6}::text)`)
  return `, added as (
  insert into activity (conversation_id, position, seq, direction, body, at)
  select $1, before + place, before + place, 'out', said.body, begun + place * interval '1 millisecond'
  from taken, (values ${bodies.join(', ')}) as said (place, body)
)`
}

function editing(edited: number, said: number): string {
  const edits = places(edited).map(place => `(${place}, $${2 * place + said + 5}::int, $${2 * place + said + 6}::text)`)
  return `, edited as (
  update activity set body = edit.body, seq = before - ${edited} + edit.place
  from taken, (values ${edits.join(', ')}) as edit (place, position, body)
  where conversation_id = $1 and activity.position = edit.position
  returning activity.position, at
)`
}

const places = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)
