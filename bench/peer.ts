import type { Identity } from './identity.ts'

/** The form's turns in their order. Between `document` and `submit` stands the review. */
export const steps = ['hello', 'consent', 'rib', 'beneficiary', 'motif', 'document', 'submit'] as const
export type Step = (typeof steps)[number]

export interface Seat {
  /** Says it and waits for the reply. @throws {Error} when the reply is not the one for this member at this step */
  say(step: Step): Promise<void>
  close(): void
}

/** A server that runs, with what is needed to talk to it. */
export interface RunningPeer {
  readonly pid: number
  openSeat(identity: Identity): Promise<Seat>
  stop(): Promise<void>
}

export interface ReadyPeer {
  /** Resolves when it listens. */
  start(): Promise<RunningPeer>
}

export interface Peer {
  readonly name: string
  /** Makes what it starts on, such as a database with its members. */
  prepare(): Promise<ReadyPeer>
}

/** @throws {Error} with what was expected when a part is not there */
export function expectParts(step: Step, reply: string, parts: readonly string[]): void {
  const missing = parts.filter(part => !reply.includes(part))
  if (missing.length > 0) throw new Error(`${step}: no « ${missing.join(' », « ')} » in ${reply.slice(0, 2000)}`)
}
