import type { DialogContext } from 'botbuilder-dialogs/lib/dialogContext.js'
import type { MessageKey } from '../locales/translator.ts'
import { back, hasAnswers, nextStep, type Step } from '../services/drafts/draft.ts'
import { tell } from './ask.ts'
import { ribBlock, ribProblem, tellBlock, tellOfDeposit } from './blocked-rib.ts'
import { CANCEL_DIALOG, confirmationOf, RESTART_DIALOG, RESUME_DIALOG } from './confirmation-dialogs.ts'
import { chooseLanguage } from './follow-language.ts'
import { HISTORY_DIALOG } from './history-dialog.ts'
import type { Intent } from './intent.ts'
import { tellMenu } from './menu.ts'
import { asksForPerson } from './open-draft.ts'
import { REQUEST_DIALOG } from './request-dialog.ts'
import { isAsked } from './standing.ts'
import { say, scopeOf, type TurnScope } from './turn-scope.ts'
import type { DepositTopic } from './understanding/read-deposit.ts'

/** Asks what is missing next, from wherever the dialogs stand. */
export async function askNext(dc: DialogContext): Promise<void> {
  await dc.beginDialog(REQUEST_DIALOG)
}

/** Says something, then asks again what was being asked, or shows what can be done. */
export async function digress(dc: DialogContext, text: string): Promise<void> {
  const scope = scopeOf(dc.context)
  // Why the request waits has been said, and would not be another answer.
  if (!scope.draft.current || (ribBlock(scope) && !isConfirming(scope))) return tellMenu(dc.context, text)
  await tell(dc.context, text)
  await askAgain(dc)
}

const isConfirming = (scope: TurnScope): boolean =>
  isAsked(scope) && confirmationOf(scope.memory.asked?.step) !== undefined

/** Asks again what is being asked; a step of the request as it is now, for the register may have changed. */
export async function askAgain(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  const confirmation = isAsked(scope) ? confirmationOf(scope.memory.asked?.step) : undefined
  if (!confirmation) return askNext(dc)
  await dc.beginDialog(confirmation)
}

async function request(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  const draft = scope.draft.current
  if (!draft) {
    scope.draft.start({ language: scope.language, channel: scope.channel })
    await tell(dc.context, say(scope, 'service.before'))
    return askNext(dc)
  }
  if (!hasAnswers(draft)) return askNext(dc)
  await dc.beginDialog(RESUME_DIALOG)
}

async function goBack(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  if (!scope.draft.current) return tellMenu(dc.context, say(scope, 'cancel.nothing'))
  // Back from what the member said of the RIB: it is shown again.
  if (ribBlock(scope) && !ribProblem(scope)) return askNext(dc)
  const previous = back(scope.draft.current, asksForPerson(scope))
  if (!previous) return digress(dc, say(scope, 'back.first'))
  scope.draft.change(previous)
  await askNext(dc)
}

async function showHistory(dc: DialogContext): Promise<void> {
  await dc.beginDialog(HISTORY_DIALOG)
  if (scopeOf(dc.context).draft.current) await askAgain(dc)
}

async function confirm(dc: DialogContext, dialog: string): Promise<void> {
  const scope = scopeOf(dc.context)
  if (!scope.draft.current) return tellMenu(dc.context, say(scope, 'cancel.nothing'))
  await dc.beginDialog(dialog)
}

/** Nothing is confirmed where nothing would be lost. */
async function restart(dc: DialogContext): Promise<void> {
  const draft = scopeOf(dc.context).draft.current
  if (draft && !hasAnswers(draft)) return askNext(dc)
  await confirm(dc, RESTART_DIALOG)
}

/** The question in the other language is confirmation enough. */
async function switchLanguage(dc: DialogContext, language: 'fr' | 'ar'): Promise<void> {
  const scope = scopeOf(dc.context)
  chooseLanguage(scope, language)
  if (scope.draft.current) await askAgain(dc)
  else await tellMenu(dc.context, say(scope, 'language.switched'))
}

function helpOn({ policy }: TurnScope, step: Step | undefined): MessageKey {
  if (!step || step === 'consent') return 'help.main'
  const isOnPage = (step === 'motif' || step === 'document') && !policy.takesHealthData
  return isOnPage ? 'securePage.help' : `help.${step}`
}

async function help(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  const { current } = scope.draft
  const step = current && nextStep(current)
  const block = ribBlock(scope)
  if (block) return tellMenu(dc.context, tellBlock(scope, block))
  await digress(dc, say(scope, helpOn(scope, step)))
}

async function greetAgain(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  await digress(dc, say(scope, scope.draft.current ? 'greeting.again' : 'greeting.reply'))
}

/** A question about a deposit gets its own answer, and what was asked before stays as it is. */
async function tellDeposit(dc: DialogContext, topic: DepositTopic): Promise<void> {
  const scope = scopeOf(dc.context)
  const block = ribBlock(scope)
  if (topic === 'continue') return lookAgain(dc)
  if (block) return tellMenu(dc.context, tellOfDeposit(scope, topic, block))
  if (topic === 'hours' || topic === 'address' || topic === 'where') return digress(dc, tellOfDeposit(scope, topic))
  if (scope.draft.current) await askAgain(dc)
}

/** Tells what is on file now; a RIB that can be confirmed is asked about. */
async function lookAgain(dc: DialogContext): Promise<void> {
  const scope = scopeOf(dc.context)
  const problem = ribProblem(scope)
  if (problem && ribBlock(scope)) return tellMenu(dc.context, say(scope, `deposit.still.${problem}`))
  if (ribBlock(scope)) await tell(dc.context, say(scope, 'deposit.onFile'))
  await (scope.draft.current ? askNext(dc) : request(dc))
}

/** Does what holds at every step, and comes back to the question. */
export async function interrupt(dc: DialogContext, intent: Intent): Promise<void> {
  const scope = scopeOf(dc.context)
  const { portalUrl: url, contact } = scope.wording
  scope.memory.misses = 0
  switch (intent.to) {
    case 'request':
      return request(dc)
    case 'continue':
      return lookAgain(dc)
    case 'deposit':
      return tellDeposit(dc, intent.about)
    case 'history':
      return showHistory(dc)
    case 'help':
      return help(dc)
    case 'agent':
      return digress(dc, say(scope, 'agent.contact', { contact: contact[scope.language] }))
    case 'back':
      return goBack(dc)
    case 'cancel':
      return confirm(dc, CANCEL_DIALOG)
    case 'restart':
      return restart(dc)
    case 'language':
      return switchLanguage(dc, intent.language)
    case 'faq':
      return digress(dc, say(scope, `faq.${intent.about}`, { url }))
    case 'keep':
      return digress(dc, say(scope, 'cancel.kept'))
    case 'greeting':
      return greetAgain(dc)
    case 'thanks':
      return digress(dc, say(scope, 'greeting.thanksReply'))
  }
}
