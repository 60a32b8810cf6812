import type { Channel } from '../services/drafts/draft.ts'

/** What the foundation lets a channel show and take in. */
export interface ChannelPolicy {
  /** Whether a member who is asked to confirm their RIB sees all of its digits. */
  readonly showsRib: boolean
  /** Whether motif and document are asked for, taken and shown there; else all of that is on a page of the foundation's. */
  readonly takesHealthData: boolean
}

export type ChannelPolicies = (channel: Channel) => ChannelPolicy

export interface TeamsChoices {
  readonly ribInTeams: 'masked' | 'full'
  readonly healthDataInTeams: 'in-chat' | 'secure-link'
}

/** The web chat is the foundation's own; Teams passes through a cloud outside Morocco. @param teams undefined: no Teams */
export function createChannelPolicies(teams: TeamsChoices | undefined): ChannelPolicies {
  const ownChat = { showsRib: true, takesHealthData: true }
  const inTeams = {
    showsRib: teams?.ribInTeams === 'full',
    takesHealthData: teams?.healthDataInTeams !== 'secure-link',
  }
  return channel => (channel === 'msteams' ? inTeams : ownChat)
}
