import { setTimeout as sleep } from 'node:timers/promises'
import type { Call, Reply } from '../http/loopback-server.ts'

/** What is asked of Graph. `range` and `progress` are an upload session's. */
export type GraphOperation =
  'person' | 'item' | 'content' | 'session' | 'range' | 'progress' | 'fields' | 'find-message' | 'draft' | 'send'

/** How one call goes wrong. `acted`: it was done, and only its answer is lost. */
export type GraphFault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number; readonly acted?: boolean }
  | { readonly kind: 'reset'; readonly acted?: boolean }
  | { readonly kind: 'slow'; readonly ms: number }
  /** A range of which so many bytes are kept. */
  | { readonly kind: 'partial'; readonly bytes: number }

interface Planned {
  readonly operation: GraphOperation | undefined
  readonly fault: GraphFault
  left: number
}

export interface GraphFaults {
  /** The next `times` calls of this operation, or of any, go wrong. */
  plan(fault: GraphFault, options?: { readonly operation?: GraphOperation; readonly times?: number }): void
  take(operation: GraphOperation): GraphFault | undefined
  clear(): void
}

export function createGraphFaults(): GraphFaults {
  let planned: Planned[] = []
  return {
    plan: (fault, { operation, times = 1 } = {}) => void planned.push({ operation, fault, left: times }),
    take(operation) {
      const next = planned.find(one => one.operation === undefined || one.operation === operation)
      if (next && --next.left <= 0) planned = planned.filter(one => one !== next)
      return next?.fault
    },
    clear() {
      planned = []
    },
  }
}

/** As Graph words what went wrong. */
export function graphError(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers, json: { error: { code, message: `${code}, by the emulator` } } }
}

const codes: Readonly<Record<number, string>> = { 429: 'TooManyRequests', 503: 'serviceNotAvailable', 504: 'timeout' }

/** Does what is asked, or what the fault says instead. */
export async function actWith(
  fault: GraphFault | undefined,
  call: Call,
  act: () => Promise<Reply> | Reply,
): Promise<Reply> {
  if (fault === undefined || fault.kind === 'partial') return await act()
  if (fault.kind === 'slow') {
    await sleep(fault.ms, undefined, { ref: false })
    return await act()
  }
  if (fault.acted) await act()
  else call.req.resume()
  if (fault.kind === 'reset') {
    call.req.socket.destroy()
    return 'sent'
  }
  const { retryAfterSeconds: seconds } = fault
  const headers = seconds === undefined ? {} : { 'Retry-After': String(seconds) }
  return graphError(fault.status, codes[fault.status] ?? 'generalException', headers)
}
