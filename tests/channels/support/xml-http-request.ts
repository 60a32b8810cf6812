type Listener = ((this: FetchedRequest) => void) | null

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
  private readonly origin: string
  private method = 'GET'
  private url = ''

  constructor(origin: string) {
    this.origin = origin
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
    if (!this.url.startsWith('blob:')) this.headers.set('origin', this.origin)
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
      return failed()
    }
    this.settle()
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

/** @returns a constructor for a page of this origin */
export function xmlHttpRequestFrom(origin: string): typeof XMLHttpRequest {
  class PageRequest extends FetchedRequest {
    constructor() {
      super(origin)
    }
  }
  // rxjs takes whatever answers to the few members above.
  return PageRequest as unknown as typeof XMLHttpRequest
}
