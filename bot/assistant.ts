import type { TurnContext } from 'botbuilder-core'
import { DialogContext } from 'botbuilder-dialogs/lib/dialogContext.js'
import type { DialogSet } from 'botbuilder-dialogs/lib/dialogSet.js'
import { closeAsked, tell } from '../dialogs/ask.ts'
import { confirmationAt } from '../dialogs/confirmation-dialogs.ts'
import { followLanguage, undoButton } from '../dialogs/follow-language.ts'
import { tellMissed } from '../dialogs/fallback.ts'
import { intentOf } from '../dialogs/intent.ts'
import { askAgain as showQuestion, askNext, digress, interrupt } from '../dialogs/interruptions.ts'
import { tellMenu } from '../dialogs/menu.ts'
import { openDraft } from '../dialogs/open-draft.ts'
import { isConfirmation, isTakenBy } from '../dialogs/questions/confirmation.ts'
import { isRepeated, noteAdvance } from '../dialogs/repeated-answer.ts'
import { requestAt } from '../dialogs/request-dialog.ts'
import { standing } from '../dialogs/standing.ts'
import { tellRefusal } from '../dialogs/file-refusal.ts'
import { say, scopeOf, type TurnScope } from '../dialogs/turn-scope.ts'
import { classify } from '../dialogs/understanding/classify.ts'
import { nextStep } from '../services/drafts/draft.ts'
import { greet, noticeEvent } from './greeting.ts'
import { openOutbox, type Outbox } from './turn-adapter.ts'

const HOUR_MS = 60 * 60 * 1000

const STATE_MANAGER = 'DialogStateManagerConfiguration'

/** What the assistant does with one activity: greet, route, ask. */
export function createAssistant(dialogs: DialogSet) {
  let stateManager: unknown
  return async function respond(context: TurnContext): Promise<Outbox> {
    const outbox = openOutbox(context)
    // The library makes it for each turn unless it is there; it holds nothing of the turn that it was made in.
    if (stateManager) context.turnState.set(STATE_MANAGER, stateManager)
    await route(new DialogContext(dialogs, context, { dialogStack: [] }))
    stateManager ??= context.turnState.get(STATE_MANAGER)
    noteAdvance(context)
    offerToTakeBack(scopeOf(context), outbox)
    return outbox
  }
}

async function route(dc: DialogContext): Promise<void> {
  const { type, name } = dc.context.activity
  if (type === 'conversationUpdate') return greet(dc)
  if (type === 'event') return noticeEvent(dc, name)
  if (type === 'message') return hear(dc)
}

async function hear(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  if (isRepeated(scope)) return showAgain(dc)
  const intent = isConfirmed(scope) ? undefined : intentOf(scope)
  if (intent?.to !== 'language') await follow(dc)
  const refusal = refusalOf(scope)
  if (refusal) return digress(dc, refusal)
  if (intent) return interrupt(dc, intent)
  await takeAnswer(dc)
}

/** Delivered once more by the channel. */
async function showAgain(dc: DialogContext): Promise<void> {
  if (scopeOf(dc.context).draft.current) await showQuestion(dc)
}

/** What is said to a message that cannot be an answer to anything. */
function refusalOf(scope: TurnScope): string | undefined {
  const { message } = scope
  switch (message.kind) {
    case 'unreadable':
      return say(scope, 'fallback.textOnly')
    case 'text':
      if (message.tooLong) return say(scope, 'error.tooLong')
      return message.heldRib ? say(scope, 'rib.doNotType') : undefined
    case 'file': {
      const { file } = message
      const isUnexpected = file.verdict === 'refused' && file.reason === 'unexpected'
      return isUnexpected ? tellRefusal(scope, file) : undefined
    }
    default:
      return undefined
  }
}

/** Goes over to the language that the member writes in, and says so. */
async function follow(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  if (followLanguage(scope)) await tell(dc.context, say(scope, 'language.followed'))
}

/** The switch can be taken back by a button under the last message, before all others. */
function offerToTakeBack(scope: TurnScope, { said }: Outbox): void {
  const last = said.at(-1)
  if (!scope.leftLanguage || !last) return
  const actions = [{ ...undoButton(scope, scope.leftLanguage) }, ...(last.suggestedActions?.actions ?? [])]
  said[said.length - 1] = { ...last, suggestedActions: { ...last.suggestedActions, actions } }
}

/** A word that decides a pending confirmation, or may decide it, is that before it is anything else. */
function isConfirmed(scope: TurnScope): boolean {
  const pending = scope.memory.asked?.step
  return isConfirmation(pending) && scope.message.kind !== 'answer' && isTakenBy(pending, scope)
}

async function takeAnswer(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  switch (standing(scope)) {
    case 'current':
      takeUp(dc)
      await dc.continueDialog()
      return
    case 'other-draft':
      return tellNumber(dc)
    case 'past':
      return askAgain(dc, say(scope, 'card.past'))
    case 'elsewhere':
      return askAgain(dc, say(scope, 'resume.advancedElsewhere'))
    case 'nothing-asked':
      return answerNothing(dc)
  }
}

/** The file that is missing says better than a button that the member goes on. */
function bringsTheFile({ message, memory, draft }: TurnScope): boolean {
  const isAsked = draft.current && nextStep(draft.current) === 'document'
  return message.kind === 'file' && Boolean(isAsked) && memory.asked?.step !== 'document'
}

async function askAgain(dc: DialogContext, why: string): Promise<void> {
  await tell(dc.context, why)
  await askNext(dc)
}

/** The dialogs as the question left them that stands in the chat: what is stored is what was asked, not their stack. */
function takeUp(dc: DialogContext): void {
  const scope = scopeOf(dc.context)
  const step = bringsTheFile(scope) ? 'document' : (scope.memory.asked?.step ?? nextStep(openDraft(scope)))
  dc.stack.push(...(isConfirmation(step) ? confirmationAt(step) : requestAt(step)))
}

/** Words when nothing is asked. */
async function answerNothing(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  if (scope.draft.current) return askNext(dc)
  const reference = await numberJustGiven(scope)
  if (!reference) return tellMissed(dc.context)
  await closeAsked(dc.context, say(scope, 'answered.submitted', { reference }))
  await tellMenu(dc.context, say(scope, 'submit.already', { reference }))
}

/** *Terminer* typed again within the hour after a submit. */
async function numberJustGiven({ message, history, member, now }: TurnScope): Promise<string | undefined> {
  if (message.kind !== 'text' || classify(message.text, 'review') !== 'submit') return undefined
  return history.numberSince(member.id, new Date(now().getTime() - HOUR_MS))
}

/** A button of a draft that is open no more: it became a dossier, or it was given up. */
async function tellNumber(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  const { message, history, member } = scope
  const reference = message.kind === 'answer' ? await history.numberOf(member.id, message.value.draft) : undefined
  const isSubmit = message.kind === 'answer' && message.value.choice === 'submit'
  const isAboutIt = message.kind === 'answer' && scope.memory.asked?.draft === message.value.draft
  const became = reference && isAboutIt ? say(scope, 'answered.submitted', { reference }) : undefined
  if (!scope.draft.current) await closeAsked(dc.context, became)
  if (reference && isSubmit) return digress(dc, say(scope, 'submit.already', { reference }))
  await digress(dc, say(scope, scope.draft.current ? 'card.past' : 'card.noLonger'))
}
