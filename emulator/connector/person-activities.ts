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

/** The app was added to the person's Teams: two activities. */
export const installed = (chat: Chat, appId: string): Record<string, unknown>[] => [
  {
    type: 'conversationUpdate',
    membersAdded: [{ id: chat.userId, aadObjectId: chat.person.aadObjectId }, { id: `28:${appId}` }],
  },
  { type: 'installationUpdate', action: 'add', channelData: { source: { name: 'message' } } },
]

export const uninstalled = (): Record<string, unknown> => ({ type: 'installationUpdate', action: 'remove' })

export const reacted = (messageId: string, reaction: string): Record<string, unknown> => ({
  type: 'messageReaction',
  replyToId: messageId,
  reactionsAdded: [{ type: reaction }],
})
