import { hooks } from 'botframework-webchat-api'
import { useMemo } from 'react'
import type { Language } from '../../../services/language.ts'
import { readActivity } from './activity.ts'
import type { ShownActivity, StepInfo } from './activity.ts'

export type Conversation = {
  readonly messages: readonly ShownActivity[]
  readonly newestBot: ShownActivity | undefined
  /** Language of the newest message of the assistant: the page around it follows. */
  readonly language: Language | undefined
  readonly step: StepInfo | undefined
}

function findLast<T>(list: readonly T[], test: (item: T) => boolean): T | undefined {
  for (let index = list.length - 1; index >= 0; index -= 1) {
    const item = list[index]
    if (item !== undefined && test(item)) return item
  }
  return undefined
}

/** Web Chat's transcript as the widget shows it: messages with something in them, in Web Chat's order. */
export function useConversation(): Conversation {
  const [activities] = hooks.useActivities()
  return useMemo(() => {
    const all = activities.map(readActivity).filter(activity => activity.type === 'message')
    const messages = all.filter(
      ({ text, attachments, postBack }) => text !== undefined || attachments.length > 0 || postBack,
    )
    const bots = messages.filter(message => message.role === 'bot')
    const step = findLast(bots, message => message.step !== undefined)?.step
    return {
      messages,
      newestBot: bots[bots.length - 1],
      language: findLast(bots, message => message.language !== undefined)?.language,
      step: step ?? undefined,
    }
  }, [activities])
}
