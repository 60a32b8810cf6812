import type { ActivityBody } from '../../../services/conversations/activity.ts'
import type { Queryable } from '../../../services/storage/database.ts'

/** $1 conversation, $2 a JSON list of bodies */
const fill = `
with said as (
  select value::text as body, ordinality::int as place, jsonb_array_length($2::jsonb) as count
  from jsonb_array_elements($2::jsonb) with ordinality
), taken as (
  update conversation set last_seq = last_seq + jsonb_array_length($2::jsonb), last_at = now() where id = $1
  returning last_seq, last_at
)
insert into activity (conversation_id, position, seq, direction, body, at)
select $1, last_seq - count + place, last_seq - count + place, 'out', body, last_at + place * interval '1 millisecond'
from taken, said`

/** Many messages of the assistant at once, as after a long conversation. */
export async function fillTranscript(database: Queryable, id: string, bodies: readonly ActivityBody[]): Promise<void> {
  await database.query(fill, [id, JSON.stringify(bodies)])
}
