/** A line on which nothing moves for so long is broken; a slow one is not. */
const silentAfterMs = 30_000

export type Asked = {
  readonly method: 'HEAD' | 'POST'
  readonly url: string
  readonly token: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Blob
  /** Bytes of the body that have left. */
  readonly onSent?: (bytes: number) => void
  readonly signal: AbortSignal
}

export type Answer = {
  /** 0: there was none. */
  readonly status: number
  readonly location?: string | undefined
  /** Bytes of the file that are stored. */
  readonly offset?: number | undefined
  /** Of the message that the file has become. */
  readonly id?: string | undefined
}

/** One request of an upload, by XMLHttpRequest, which alone tells how much has left. */
export function request(asked: Asked): Promise<Answer> {
  return new Promise(resolve => {
    const xhr = new XMLHttpRequest()
    let silence = setTimeout(() => xhr.abort(), silentAfterMs)
    xhr.upload.addEventListener('progress', event => {
      clearTimeout(silence)
      silence = setTimeout(() => xhr.abort(), silentAfterMs)
      asked.onSent?.(Math.min(event.loaded, asked.body?.size ?? 0))
    })
    xhr.addEventListener('loadend', () => {
      clearTimeout(silence)
      resolve(read(xhr))
    })
    const abort = (): void => xhr.abort()
    asked.signal.addEventListener('abort', abort, { once: true })
    xhr.open(asked.method, asked.url)
    xhr.setRequestHeader('authorization', `Bearer ${asked.token}`)
    xhr.setRequestHeader('tus-resumable', '1.0.0')
    for (const [name, value] of Object.entries(asked.headers ?? {})) xhr.setRequestHeader(name, value)
    xhr.send(asked.body ?? null)
    if (asked.signal.aborted) abort()
  })
}

function read(xhr: XMLHttpRequest): Answer {
  const header = (name: string): string | undefined => xhr.getResponseHeader(name) ?? undefined
  const offset = header('upload-offset')
  return {
    status: xhr.status,
    location: header('location'),
    offset: offset === undefined ? undefined : Number(offset),
    id: header('activity-id') ?? (xhr.status === 200 ? idIn(xhr.responseText) : undefined),
  }
}

function idIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string'
      ? body.id
      : undefined
  } catch {
    return undefined
  }
}
