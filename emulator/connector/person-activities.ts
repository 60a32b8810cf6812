import type { Chat } from './chats.ts'
import type { Incoming } from './webhook.ts'

export interface EnvelopeDeps {
  readonly appId: string
  readonly serviceUrl: () => string
  readonly nextId: () => string
  readonly now: () => Date
}

const timezone = 'Africa/Casablanca'

/** An activity as Teams sends it from a personal chat, but for what the person did. */
export function envelope(deps: EnvelopeDeps, chat: Chat, what: Readonly<Record<string, unknown>>): Incoming {
  const { person, tenantId, locale } = chat
  const at = deps.now().toISOString()
  const { type = 'message', channelData, ...rest } = what
  return {
    type: String(type),
    id: deps.nextId(),
    timestamp: at,
    localTimestamp: at,
    localTimezone: timezone,
    channelId: 'msteams',
    serviceUrl: deps.serviceUrl(),
    from: { id: chat.userId, name: person.name, aadObjectId: person.aadObjectId },
    conversation: { conversationType: 'personal', tenantId, id: chat.id },
    recipient: { id: `28:${deps.appId}`, name: 'Moussaada' },
    entities: [{ type: 'clientInfo', locale, country: locale.slice(3), platform: 'Web', timezone }],
    locale,
    channelData: { tenant: { id: tenantId }, ...(channelData as object | undefined) },
    ...rest,
  }
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Typed words: Teams sends them twice, as text and as HTML. */
export const typed = (text: string): Record<string, unknown> => ({
  text,
  textFormat: 'plain',
  attachments: [{ contentType: 'text/html', content: `<p>${escapeHtml(text)}</p>` }],
})

/** A pressed `Action.Submit`: a message without text. */
export const submitted = (cardId: string, value: unknown): Record<string, unknown> => ({
  value,
  replyToId: cardId,
  channelData: { source: { name: 'message' }, legacy: { replyToId: cardId } },
})

export interface SharedFile {
  readonly name: string
  readonly downloadUrl: string
  readonly contentUrl: string
  readonly uniqueId: string
}

/** Files from the person's computer or OneDrive, with or without words beside them. */
export function withFiles(files: readonly SharedFile[], text = ''): Record<string, unknown> {
  const attachments = files.map(({ name, downloadUrl, contentUrl, uniqueId }) => ({
    contentType: 'application/vnd.microsoft.teams.file.download.info',
    content: { downloadUrl, uniqueId, fileType: name.split('.').at(-1) ?? '', etag: `"{${uniqueId}},1"` },
    contentUrl,
    name,
  }))
  const companion = { contentType: 'text/html', content: `<p>${escapeHtml(text)}</p>` }
  return { ...(text !== '' && { text, textFormat: 'plain' }), attachments: [...attachments, companion] }
}

/** A picture pasted into the message, at an address that asks for the bot's token. */
export const withImage = (contentUrl: string, contentType: string): Record<string, unknown> => ({
  attachments: [
    { contentType, contentUrl },
    { contentType: 'text/html', content: `<p><img src="${escapeHtml(contentUrl)}"></p>` },
  ],
})

/** The person changed a message of theirs: it keeps its id. */
export const edited = (messageId: string, text: string): Record<string, unknown> => ({
  ...typed(text),
  type: 'messageUpdate',
  id: messageId,
  channelData: { eventType: 'editMessage' },
})

export const withdrawn = (messageId: string): Record<string, unknown> => ({
  type: 'messageDelete',
  id: messageId,
  channelData: { eventType: 'softDeleteMessage' },
})

/** Which of a conversation's activities Microsoft sends depends on how the app was added: any of them may come alone. */
export const added = (chat: Chat, appId: string): Record<string, unknown> => ({
  type: 'conversationUpdate',
  membersAdded: [{ id: chat.userId, aadObjectId: chat.person.aadObjectId }, { id: `28:${appId}` }],
})

export const installationActions = ['add', 'add-upgrade', 'remove', 'remove-upgrade'] as const
export type InstallationAction = (typeof installationActions)[number]

export const installation = (action: InstallationAction): Record<string, unknown> => ({
  type: 'installationUpdate',
  action,
  channelData: { source: { name: 'message' } },
})

export const reacted = (messageId: string, reaction: string): Record<string, unknown> => ({
  type: 'messageReaction',
  replyToId: messageId,
  reactionsAdded: [{ type: reaction }],
})

/** A sign of liking taken back. */
export const unreacted = (messageId: string, reaction: string): Record<string, unknown> => ({
  type: 'messageReaction',
  replyToId: messageId,
  reactionsRemoved: [{ type: reaction }],
})

/** A message that was taken back stands again. */
export const restored = (messageId: string, text: string): Record<string, unknown> => ({
  ...edited(messageId, text),
  channelData: { eventType: 'undeleteMessage' },
})

/** What a bot of personal chats hears without the person's doing anything in the chat, each as it may come alone. */
export function unaskedActivities(chat: Chat, appId: string): Record<string, Record<string, unknown>> {
  const installations = installationActions.map(action => [`installationUpdate ${action}`, installation(action)])
  const messageId = chat.messages.find(({ from }) => from === 'person')?.id ?? '1'
  return {
    conversationUpdate: added(chat, appId),
    'conversationUpdate, members removed': { type: 'conversationUpdate', membersRemoved: [{ id: `28:${appId}` }] },
    ...Object.fromEntries(installations),
    'messageUpdate editMessage': edited(messageId, 'autre chose'),
    'messageUpdate undeleteMessage': restored(messageId, 'bonjour'),
    'messageDelete softDeleteMessage': withdrawn(messageId),
    'messageReaction added': reacted(messageId, 'like'),
    'messageReaction removed': unreacted(messageId, 'like'),
    typing: { type: 'typing' },
    'event readReceipt': {
      type: 'event',
      name: 'application/vnd.microsoft.readReceipt',
      value: { lastReadMessageId: messageId },
    },
    'invoke signin/verifyState': { type: 'invoke', name: 'signin/verifyState', value: {} },
    'invoke fileConsent/invoke': { type: 'invoke', name: 'fileConsent/invoke', value: { action: 'decline' } },
    'invoke message/submitAction': { type: 'invoke', name: 'message/submitAction', value: { actionName: 'feedback' } },
    'invoke task/fetch': { type: 'invoke', name: 'task/fetch', value: {} },
    endOfConversation: { type: 'endOfConversation' },
  }
}
