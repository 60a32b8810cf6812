import type { StatementPart } from '../storage/statement-part.ts'

/**
 * The whole end of a turn; no row when another has ended it, or when `draft` changed nothing. Edits come first in order of
 * seq: what was used goes inert before the next question shows. The conversation's row is locked before the activity's, as
 * where a message is taken in: else one that comes a second time meanwhile and the end of its turn wait for each other.
 *
 * $1 conversation, $2 position of what came in, $3 now, $4 state, $5 language, $6 place of the question asked last (below
 * 0: −1 is the first one said now), then the body of each activity said, then position and body of each edit, then what
 * `draft` takes.
 * @returns SQL that gives `before`: the positions of what was said follow it
 */
export function endTurnStatement(said: number, edited: number, draft?: StatementPart): string {
  return `
with open as (
  select id from conversation where id = $1 for no key update
), ${draft ? finishingWith(draft, 7 + said + 2 * edited) : finishing('')}, taken as (
  update conversation
  set last_seq = last_seq + ${edited + said}, state = $4, language = $5,
    last_at = greatest($3, last_at + interval '1 millisecond') + interval '${said} milliseconds',
    asked_position = case when $6::int < 0 then last_seq + ${edited} - $6::int else $6::int end
  where id = $1 and exists (select from finished)
  returning last_seq - ${said} as before, last_at - interval '${said} milliseconds' as begun
)${said > 0 ? adding(said) : ''}${edited > 0 ? editing(edited, said) : ''}
select before from taken`
}

function finishing(condition: string): string {
  return `finished as (
  update activity set due = false from open
  where conversation_id = open.id and position = $2 and due ${condition} returning position
)`
}

/** Locked first: else two turns of one activity could change the draft, and only one of them end the activity. */
function finishingWith(draft: StatementPart, first: number): string {
  return `waiting as (
  select position from activity, open where conversation_id = open.id and position = $2 and due for update of activity
), changed as (
  ${draft.text(first, 'exists (select from waiting)')}
), ${finishing('and exists (select from changed)')}`
}

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
)`
}

const places = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)
