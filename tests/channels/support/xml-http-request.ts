type Listener = ((this: FetchedRequest) => void) | null

/** One request of a page and what became of it. */
export interface Exchanged {
  readonly method: string
  readonly path: string
  /** 0 when no answer came, or none that the page waited for. */
  readonly status: number
  readonly milliseconds: number
}

/** What every request of a page carries beside its own headers, and who is told of it. */
interface Carried {
  readonly headers: Readonly<Record<string, string>>
  readonly onExchanged: ((exchanged: Exchanged) => void) | undefined
}

/**
 * What rxjs's `ajax` uses of a browser's XMLHttpRequest, over `fetch`: enough for Microsoft's client to run in Node. A
 * browser adds the page's Origin by itself, so this does too.
 */
class FetchedRequest {
  readyState = 0
  status = 0
  response: unknown = ''
  responseType = ''
  timeout = 0
  withCredentials = false
  readonly upload = {}
  onreadystatechange: Listener = null
  onerror: Listener = null
  ontimeout: Listener = null
  private readonly aborting = new AbortController()
  private readonly headers = new Headers()
  private readonly carried: Carried
  private begun = 0
  private method = 'GET'
  private url = ''

  constructor(carried: Carried) {
    this.carried = carried
  }

  open(method: string, url: string): void {
    this.method = method
    this.url = url
    this.readyState = 1
  }

  setRequestHeader(name: string, value: string): void {
    this.headers.set(name, value)
  }

  send(body: BodyInit | null = null): void {
    const late = this.timeout > 0 ? [AbortSignal.timeout(this.timeout)] : []
    const signal = AbortSignal.any([this.aborting.signal, ...late])
    this.begun = performance.now()
    const added = this.url.startsWith('blob:') ? [] : Object.entries(this.carried.headers)
    for (const [name, value] of added) this.headers.set(name, value)
    void this.exchange({ method: this.method, headers: this.headers, body, signal }, () => this.settleFailure(late))
  }

  abort(): void {
    this.aborting.abort()
  }

  private async exchange(request: RequestInit, failed: () => void): Promise<void> {
    try {
      const response = await fetch(this.url, request)
      this.response = await this.read(response)
      this.status = response.status
    } catch {
      this.tell()
      return failed()
    }
    this.tell()
    this.settle()
  }

  private tell(): void {
    if (this.url.startsWith('blob:')) return
    const { method, status, begun } = this
    const milliseconds = Math.round(performance.now() - begun)
    this.carried.onExchanged?.({ method, path: new URL(this.url).pathname, status, milliseconds })
  }

  private settleFailure(late: readonly AbortSignal[]): void {
    if (this.aborting.signal.aborted) return
    if (late.some(({ aborted }) => aborted)) this.ontimeout?.()
    else this.settle()
  }

  private settle(): void {
    this.readyState = 4
    this.onreadystatechange?.()
  }

  private async read(response: Response): Promise<unknown> {
    if (this.responseType === 'arraybuffer') return response.arrayBuffer()
    const text = await response.text()
    if (this.responseType !== 'json') return text
    return text === '' ? null : JSON.parse(text)
  }
}

/** @returns a constructor for a page of this origin, or for a program, whose requests carry these headers too */
export function xmlHttpRequestFrom(
  origin: string | undefined,
  headers: Readonly<Record<string, string>> = {},
  onExchanged?: (exchanged: Exchanged) => void,
): typeof XMLHttpRequest {
  class PageRequest extends FetchedRequest {
    constructor() {
      super({ headers: { ...(origin !== undefined && { origin }), ...headers }, onExchanged })
    }
  }
  // rxjs takes whatever answers to the few members above.
  return PageRequest as unknown as typeof XMLHttpRequest
}
