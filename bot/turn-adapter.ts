import { BotAdapter, type ConversationReference, type ResourceResponse, type TurnContext } from 'botbuilder-core'
import type { Activity } from 'botframework-schema'
import { z } from 'zod'
import { activityBodySchema, type ActivityBody } from '../services/conversations/activity.ts'
import { AppError } from '../services/errors.ts'

export interface Edit {
  readonly position: number
  readonly body: ActivityBody
}

/** What one turn says. Nothing leaves before the turn is committed. */
export interface Outbox {
  readonly said: ActivityBody[]
  readonly edits: Edit[]
}

const outboxKey = Symbol('outbox')
const position = z.coerce.number().int()

export function openOutbox(context: TurnContext): Outbox {
  const outbox: Outbox = { said: [], edits: [] }
  context.turnState.set(outboxKey, outbox)
  return outbox
}

function outboxOf(context: TurnContext): Outbox {
  const outbox = context.turnState.get<Outbox | undefined>(outboxKey)
  if (!outbox) throw new AppError('invariant', 'an activity was sent outside a turn')
  return outbox
}

/** The one adapter under every channel's turn: it gathers, the turn's commit stores, the channel delivers. */
export class TurnAdapter extends BotAdapter {
  async sendActivities(context: TurnContext, activities: Partial<Activity>[]): Promise<ResourceResponse[]> {
    const outbox = outboxOf(context)
    // A trace may hold the whole state: it never leaves.
    const said = activities.filter(({ type }) => type !== 'trace')
    return said.map(activity => {
      outbox.said.push(activityBodySchema.parse(activity))
      return { id: String(-outbox.said.length) }
    })
  }

  async updateActivity(context: TurnContext, activity: Partial<Activity>): Promise<ResourceResponse> {
    const outbox = outboxOf(context)
    const edit = { position: position.parse(activity.id), body: activityBodySchema.parse(activity) }
    // Negative for an activity of this very turn: −1 is the first one said, and has not been seen yet.
    if (edit.position < 0) outbox.said[-edit.position - 1] = edit.body
    else outbox.edits.push(edit)
    return { id: String(edit.position) }
  }

  deleteActivity(): Promise<void> {
    return Promise.reject(new AppError('invariant', 'a transcript keeps what was said'))
  }

  continueConversation(_reference: Partial<ConversationReference>): Promise<void> {
    return Promise.reject(new AppError('invariant', 'turns begin in the inbox only'))
  }

  continueConversationAsync(): Promise<void> {
    return Promise.reject(new AppError('invariant', 'turns begin in the inbox only'))
  }
}
