export interface Asked {
  readonly token?: string | undefined
  /** A value is sent as JSON; text, bytes and forms as they are. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body, when it is JSON. */
  readonly json: Record<string, unknown>
}

/** One plain request to Direct Line. @param what a method and the path after `/v3/directline` */
export async function ask(domain: string, what: `${string} ${string}`, asked: Asked = {}): Promise<Answered> {
  const [method = '', path = ''] = what.split(/ (.*)/s)
  const isRaw = typeof asked.body === 'string' || asked.body instanceof FormData || asked.body instanceof Uint8Array
  const body = isRaw || asked.body === undefined ? asked.body : JSON.stringify(asked.body)
  const headers = {
    ...(asked.token !== undefined && { authorization: `Bearer ${asked.token}` }),
    ...(asked.body !== undefined && !(asked.body instanceof FormData) && { 'content-type': 'application/json' }),
    ...asked.headers,
  }
  const response = await fetch(`${domain}${path}`, { method, headers, body: (body ?? null) as BodyInit | null })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parsed(text) }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** Opens the member's conversation as a page does. */
export async function openConversation(domain: string, token: string, locale = 'fr-MA'): Promise<Opened> {
  const { json } = await ask(domain, 'POST /conversations', { token, body: { locale } })
  return { conversationId: String(json.conversationId), token: String(json.token), streamUrl: String(json.streamUrl) }
}

export interface Opened {
  readonly conversationId: string
  readonly token: string
  readonly streamUrl: string
}

/** What a client would be shown of a conversation by polling. */
export async function transcriptOf(domain: string, { conversationId, token }: Opened): Promise<Shown[]> {
  const { json } = await ask(domain, `GET /conversations/${conversationId}/activities?watermark=`, { token })
  return json.activities as Shown[]
}

export interface Shown {
  readonly id: string
  readonly type: string
  readonly text?: string
  readonly from: { readonly id: string; readonly role: string; readonly name?: string }
  readonly attachments?: readonly {
    readonly name: string
    readonly contentType: string
    readonly contentUrl?: string
  }[]
  readonly channelData: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}
