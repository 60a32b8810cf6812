import type { TurnContext } from 'botbuilder-core'
import type { MessageKey, Translator, Translators, Values } from '../locales/translator.ts'
import type { Channel } from '../services/drafts/draft.ts'
import type { Quota } from '../services/documents/quota.ts'
import type { DraftSession } from '../services/drafts/draft-session.ts'
import { AppError } from '../services/errors.ts'
import type { Language } from '../services/language.ts'
import type { Member } from '../services/members/member.ts'
import type { History } from '../services/requests/history.ts'
import type { Submission, Submissions } from '../services/requests/submission.ts'
import type { ChannelPolicy } from './channel-policy.ts'
import type { ConversationMemory } from './conversation-memory.ts'
import type { IncomingMessage } from './incoming-message.ts'

type InBoth = Readonly<Record<Language, string>>

/** What the foundation says of itself. */
export interface ServiceWording {
  readonly contact: InBoth
  readonly retention: InBoth
  readonly address: InBoth
  readonly telephone: InBoth
  readonly hours: InBoth
  /** What to deposit for a RIB. */
  readonly bring: InBoth
}

/** What the foundation fills into our sentences. */
export interface Wording extends ServiceWording {
  readonly portalUrl: string
  readonly cndpReference: Record<Language, string>
  /** Which text of the notice a member accepts. */
  readonly noticeVersion: string
}

/** All that the dialogs know of one turn. It lives in the turn's context and dies with it. */
export interface TurnScope {
  readonly channel: Channel
  readonly policy: ChannelPolicy
  /** The address of a page where this member goes on; it is good for a while, and for them alone. */
  readonly securePage: (memberId: string, language: Language) => string
  readonly member: Member
  readonly draft: DraftSession
  readonly memory: ConversationMemory
  readonly message: IncomingMessage
  readonly wording: Wording
  readonly history: History
  readonly submissions: Submissions
  readonly quota: Pick<Quota, 'hasDossierLeft' | 'limits'>
  readonly translators: Translators
  readonly now: () => Date
  language: Language
  /** Set when the turn went over to the member's language by itself: the one spoken before. */
  leftLanguage?: Language
  /** Set by *Terminer*: the turn stores the dossier as its last step. */
  submission?: Submission
}

const scopeKey = Symbol('turn scope')

export function enterScope(context: TurnContext, scope: TurnScope): void {
  context.turnState.set(scopeKey, scope)
}

/** @throws {AppError} `invariant` outside a turn */
export function scopeOf(context: TurnContext): TurnScope {
  const scope = context.turnState.get<TurnScope | undefined>(scopeKey)
  if (!scope) throw new AppError('invariant', 'a dialog ran outside a turn')
  return scope
}

export function voiceOf(scope: TurnScope): Translator {
  return scope.translators[scope.language]
}

export function say(scope: TurnScope, key: MessageKey, values?: Values): string {
  return voiceOf(scope).t(key, values)
}
