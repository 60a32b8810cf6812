import type { Channel } from '../conversations/conversation.ts'

/**
 * What became of a message on its way to Teams. `postponed`: tried again later. `uncertain`: it may have arrived, and is not
 * sent again. `refused`: Teams will not have it. `blocked`: its member has removed the assistant.
 */
export type TeamsOutcome = 'sent' | 'postponed' | 'uncertain' | 'refused' | 'blocked'

/**
 * What an operator counts and times. Labels are codes and names from closed lists: never an id, and nothing of what a
 * person wrote or is. Durations are in seconds, as Prometheus has them.
 */
export interface Metrics {
  /** @param turn `step` is the question that stood when the turn began, or `none` */
  turnEnded(turn: { readonly channel: Channel; readonly step: string; readonly seconds: number }): void
  turnFailed(code: string): void
  submitted(channel: Channel): void
  /** A file or words that a member has to send again, or differently. */
  rejected(kind: 'file' | 'input', code: string): void
  pdfChecked(verdict: string, seconds: number): void
  leaseWaited(seconds: number): void
  /** It lapsed while its holder was at work: another may have begun the same. */
  leaseLost(): void
  teamsDelivered(outcome: TeamsOutcome): void
  /** @param limit its name */
  limited(limit: string): void
  jobEnded(queue: string, outcome: 'done' | 'failed'): void
  /** @param answer `route` is the pattern of the route, never the address */
  answered(answer: {
    readonly method: string
    readonly route: string
    readonly status: number
    readonly seconds: number
  }): void
}

export const noMetrics: Metrics = {
  turnEnded: () => undefined,
  turnFailed: () => undefined,
  submitted: () => undefined,
  rejected: () => undefined,
  pdfChecked: () => undefined,
  leaseWaited: () => undefined,
  leaseLost: () => undefined,
  teamsDelivered: () => undefined,
  limited: () => undefined,
  jobEnded: () => undefined,
  answered: () => undefined,
}
