import { signInCard } from '../../../dialogs/cards/sign-in-card.ts'
import { commandOf } from '../../../dialogs/token.ts'
import type { Wording } from '../../../dialogs/turn-scope.ts'
import { detectLanguage } from '../../../dialogs/understanding/detect-language.ts'
import { asksToUnlink } from '../../../dialogs/understanding/unlink-words.ts'
import type { MessageKey, Translator, Translators, Values } from '../../../locales/translator.ts'
import type { TeamsAccounts } from '../../../services/accounts/teams-accounts.ts'
import type { TeamsLinks } from '../../../services/accounts/teams-links.ts'
import type { ActivityBody, StoredActivity } from '../../../services/conversations/activity.ts'
import type { Conversation } from '../../../services/conversations/conversation.ts'
import type {
  KnownReference,
  TeamsConversations,
  TeamsReference,
} from '../../../services/conversations/teams-conversations.ts'
import type { RateLimit, RateLimiter } from '../../../services/storage/rate-limiter.ts'
import type { Recognise, Recognition, Refusal } from './recognise.ts'

export interface IdentifyDeps {
  readonly references: Pick<TeamsConversations, 'assign'>
  readonly recognise: Recognise
  readonly accounts: TeamsAccounts
  readonly links: TeamsLinks
  readonly rateLimiter: RateLimiter
  readonly translators: Translators
  readonly wording: Wording
  /** Of the page where an account is tied to a member. */
  readonly linkPage: string
}

/** Whose turn it is, and whose conversation; or what is said instead of one. */
export type Identified = { readonly memberId: string } | { readonly said: readonly ActivityBody[] }

export interface UnknownTurn {
  readonly conversation: Conversation
  readonly activity: StoredActivity
  readonly place?: KnownReference | undefined
}

const linksOfAccount: RateLimit = { name: 'teams.link', points: 6, seconds: 600 }
const codesOfAccount: RateLimit = { name: 'teams.code', points: 10, seconds: 600 }

interface Exchange {
  readonly deps: IdentifyDeps
  readonly reference: TeamsReference
  readonly voice: Translator
  readonly text: string
}

/** Finds out who is behind a conversation of Teams before any dialog runs; whoever is not known is told the way. */
export function createIdentify(deps: IdentifyDeps) {
  return async function identify({ conversation, activity, place }: UnknownTurn): Promise<Identified> {
    if (!place) return { said: [] }
    const { reference } = place
    const text = activity.body.text ?? ''
    const language = conversation.memberId === undefined ? detectLanguage(text) : undefined
    const voice = deps.translators[language ?? conversation.language]
    const exchange = { deps, reference, voice, text }
    const found = await deps.recognise.find(place)
    if (found.known) {
      if (asksToUnlink(text)) return await unlink(exchange, found)
      if (conversation.memberId !== found.memberId) await deps.references.assign(conversation.id, found.memberId)
      return { memberId: found.memberId }
    }
    if (found.reason !== 'signIn') return { said: [refusal(exchange, found.reason)] }
    return await signIn(exchange)
  }
}

export type Identify = ReturnType<typeof createIdentify>

/**
 * Whether it is known whose turn this is: nobody has to be asked, nothing changes by it, and its conversation is theirs
 * already.
 */
export function createKnows({ recognise }: Pick<IdentifyDeps, 'recognise'>) {
  return ({ conversation, activity, place }: UnknownTurn): boolean => {
    const found = place && recognise.recall(place)
    return found !== undefined && found.memberId === conversation.memberId && !asksToUnlink(activity.body.text ?? '')
  }
}

export type Knows = ReturnType<typeof createKnows>

function sentence(voice: Translator, key: MessageKey, values?: Values): ActivityBody {
  return { type: 'message', text: voice.t(key, values), textFormat: 'plain', locale: voice.locale }
}

function refusal({ deps, voice }: Exchange, reason: Exclude<Refusal, 'signIn'>): ActivityBody {
  const { portalUrl: url, contact } = deps.wording
  return sentence(voice, `teams.${reason}`, { url, contact: contact[voice.language] })
}

async function unlink(
  { deps, reference, voice }: Exchange,
  { memberId, source }: Extract<Recognition, { known: true }>,
): Promise<Identified> {
  if (source === 'directory') {
    const contact = deps.wording.contact[voice.language]
    return { said: [sentence(voice, 'teams.unlinkByDirectory', { contact })] }
  }
  await deps.accounts.forget(reference.account, { memberId })
  return { said: [sentence(voice, 'teams.unlinked')] }
}

/** Six digits are tried as a code while one is open; anything else gets a link. */
async function signIn(exchange: Exchange): Promise<Identified> {
  const { deps, reference, voice, text } = exchange
  const code = codeIn(text)
  if (code !== undefined) {
    if ((await deps.rateLimiter.take(codesOfAccount, reference.account)) > 0)
      return { said: [sentence(voice, 'teams.codeTooMany')] }
    const redeemed = await deps.links.redeem(reference.account, code)
    if (redeemed.ok) return { said: [welcome(voice)] }
    if (redeemed.reason === 'wrong')
      return { said: [sentence(voice, 'teams.codeWrong', { count: redeemed.triesLeft })] }
  }
  return { said: [await linkFor(exchange)] }
}

/** « 123 456 », in digits of either script. */
function codeIn(text: string): string | undefined {
  const bare = text.normalize('NFKC').replaceAll(/[\s\p{Cf}]/gu, '')
  const digits = bare.replaceAll(/[٠-٩۰-۹]/g, digit => String((digit.codePointAt(0) ?? 0) & 0xf))
  return /^[0-9]{6}$/.test(digits) ? digits : undefined
}

async function linkFor({ deps, reference, voice }: Exchange): Promise<ActivityBody> {
  const { account, accountName: name } = reference
  if ((await deps.rateLimiter.take(linksOfAccount, account)) > 0) return sentence(voice, 'teams.tooManyLinks')
  const link = await deps.links.open({ account, name })
  // Behind a #, the secret stays out of every log on the way.
  return signInCard(voice, `${deps.linkPage}?lang=${voice.language}#${link}`)
}

const commands = [
  ['request', 'button.request'],
  ['history', 'button.history'],
  ['help', 'button.help'],
] as const

function welcome(voice: Translator): ActivityBody {
  const actions = commands.map(([command, title]) => ({
    type: 'postBack',
    title: voice.t(title),
    value: commandOf(command),
  }))
  return { ...sentence(voice, 'teams.linked'), suggestedActions: { actions } }
}
