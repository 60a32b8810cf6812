import type { Queryable } from '../storage/database.ts'
import type { ActivityBody, StoredActivity } from './activity.ts'

/** What came in as it stands now that its turn knows more of it, unless the turn is over. */
export async function replaceIncoming(
  queryable: Queryable,
  { conversationId, position }: Pick<StoredActivity, 'conversationId' | 'position'>,
  body: ActivityBody,
): Promise<void> {
  await queryable.query(
    "update activity set body = $3 where conversation_id = $1 and position = $2 and direction = 'in' and due",
    [conversationId, position, JSON.stringify(body)],
  )
}
