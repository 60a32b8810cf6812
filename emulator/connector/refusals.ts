import type { Reply } from '../http/loopback-server.ts'

export type Refusal = Exclude<Reply, 'sent'>

export const refusal = (status: number, code: string, message: string): Refusal => ({
  status,
  json: { error: { code, message } },
})

/** Codes and messages as Teams documents them for bots. */
export const unauthorised: Refusal = {
  status: 401,
  headers: { 'WWW-Authenticate': 'Bearer' },
  json: { message: 'Authorization has been denied for this request.' },
}
export const chatNotFound = refusal(404, 'ConversationNotFound', 'Conversation not found.')
export const activityNotFound = refusal(404, 'ActivityNotFoundInConversation', 'Activity not found in conversation.')
export const memberNotFound = refusal(404, 'MemberNotFoundInConversation', 'Member not found in conversation.')
export const notInRoster = refusal(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.')
export const blockedByUser = refusal(403, 'ConversationBlockedByUser', 'User blocked the conversation with the bot.')

const codes: Readonly<Record<number, readonly [code: string, message: string]>> = {
  401: ['BotNotRegistered', 'No registration found for this bot.'],
  403: ['BotDisabledByAdmin', 'The tenant admin disabled this bot.'],
  404: ['ConversationNotFound', 'Conversation not found.'],
  412: ['PreconditionFailed', 'Precondition failed, please try again.'],
  413: ['MessageSizeTooBig', 'Message size too large.'],
  429: ['Throttled', 'Too many requests.'],
}

/** @param retryAfterSeconds said in `Retry-After` */
export function refusalOf(status: number, retryAfterSeconds?: number): Refusal {
  const [code, message] = codes[status] ?? ['ServiceError', `An error occurred: ${status}.`]
  const headers = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }
  return { ...refusal(status, code, message), headers }
}
