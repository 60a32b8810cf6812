export type Answer = {
  /** 0: no answer came, or not within the time. */
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

/** One request with a clock over all of it, its body too: a proxy may take a request and stay silent. Never rejects. */
export async function requestWithin(limitMs: number, url: string, init: RequestInit): Promise<Answer> {
  const late = new AbortController()
  const clock = setTimeout(() => late.abort(), limitMs)
  try {
    const response = await fetch(url, { ...init, signal: late.signal })
    return { status: response.status, text: await response.text(), headers: response.headers }
  } catch {
    return { status: 0, text: '', headers: new Headers() }
  } finally {
    clearTimeout(clock)
  }
}

/** @returns undefined for what is no JSON, as the sign-in page of a hotel's network */
export function readJson({ text }: Answer): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
