import type { DialogContext } from 'botbuilder-dialogs/lib/dialogContext.js'
import { closeAsked, tell } from '../dialogs/ask.ts'
import { RESUME_DIALOG } from '../dialogs/confirmation-dialogs.ts'
import { askNext, digress, interrupt } from '../dialogs/interruptions.ts'
import { tellMenu } from '../dialogs/menu.ts'
import { tellUnasked } from '../dialogs/proactive.ts'
import { isAsked } from '../dialogs/standing.ts'
import { say, scopeOf, type TurnScope } from '../dialogs/turn-scope.ts'
import { channelEvents } from '../services/conversations/channel-events.ts'
import { nextStep } from '../services/drafts/draft.ts'
import type { Language } from '../services/language.ts'

/** Does what an event asks for that a channel took in by itself. */
export async function noticeEvent(dc: DialogContext, name: string | undefined): Promise<void> {
  if (name === channelEvents.returned) return welcomeBack(dc)
  if (name === channelEvents.proactive) return tellUnasked(dc)
  if (name === channelEvents.cameToPage) return askOnPage(dc)
  if (name === channelEvents.givenOnPage) return goOn(dc)
  if (name === channelEvents.pageTurned) return interrupt(dc, { to: 'language', language: pageLanguage(dc) })
  if (name === channelEvents.edited) return digress(dc, say(scopeOf(dc.context), 'edited.firstCounts'))
  if (name === channelEvents.rateLimited) return tellMenu(dc.context, say(scopeOf(dc.context), 'error.rateLimited'))
}

const pageLanguage = ({ context: { activity } }: DialogContext): Language =>
  activity.locale?.startsWith('ar') ? 'ar' : 'fr'

/** Whoever came here for a question finds it as the last thing said. */
async function askOnPage(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  const { current } = scope.draft
  const stands =
    isAsked(scope) && !scope.memory.asked?.closed && scope.memory.asked?.step === (current && nextStep(current))
  if (current && !stands) await askNext(dc)
}

/** Motif and document are there: the chat that had sent for them goes on. */
async function goOn(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  const { current } = scope.draft
  if (!current || nextStep(current) !== 'review') return
  await closeAsked(dc.context, say(scope, 'securePage.given'))
  await tell(dc.context, say(scope, 'securePage.received'))
  await askNext(dc)
}

/** Begins a conversation. */
export async function greet(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  const welcome = say(scope, 'greeting.welcome', { name: scope.member.name })
  if (!canResume(scope)) return tellMenu(dc.context, `${welcome} ${say(scope, 'greeting.whatNext')}`)
  await tell(dc.context, welcome)
  await offerToResume(dc)
}

function canResume({ draft: { current } }: TurnScope): boolean {
  return current !== undefined && nextStep(current) !== 'consent'
}

async function offerToResume(dc: DialogContext): Promise<void> {
  if (!canResume(scopeOf(dc.context))) return
  await dc.beginDialog(RESUME_DIALOG)
}

/** A reminder that came while they were away asks the same already. */
async function welcomeBack(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  const { asked } = scope.memory
  if (asked?.step === 'resume' && !asked.closed && isAsked(scope)) return
  await offerToResume(dc)
}
