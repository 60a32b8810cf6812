export type Answer = {
  /** 0: no answer came, or not within the time. */
  readonly status: number
  readonly text: string
  /** What `Retry-After` asks for; 0 without it. */
  readonly retryAfterMs: number
}

const noAnswer: Answer = { status: 0, text: '', retryAfterMs: 0 }

/** One request with a clock over all of it, its body too: a proxy may take a request and stay silent. Never rejects. */
export async function requestWithin(limitMs: number, url: string, init: RequestInit): Promise<Answer> {
  const late = new AbortController()
  const clock = setTimeout(() => late.abort(), limitMs)
  try {
    const response = await fetch(url, { ...init, signal: late.signal })
    const text = await response.text()
    const retryAfterMs = 1_000 * (Number(response.headers.get('retry-after')) || 0)
    return { status: response.status, text, retryAfterMs }
  } catch {
    return noAnswer
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
