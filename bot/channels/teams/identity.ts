import type { Wording } from '../../../dialogs/turn-scope.ts'
import type { Translators } from '../../../locales/translator.ts'
import { createTeamsAccounts, type TeamsAccounts } from '../../../services/accounts/teams-accounts.ts'
import { createTeamsLinks, type TeamsLinks } from '../../../services/accounts/teams-links.ts'
import type { ConversationStore } from '../../../services/conversations/conversation-store.ts'
import { createTeamsConversations } from '../../../services/conversations/teams-conversations.ts'
import type { Directory } from '../../../services/directory/directory.ts'
import type { Keyring } from '../../../services/keys/keyring.ts'
import type { MemberStore } from '../../../services/members/member-store.ts'
import type { Database } from '../../../services/storage/database.ts'
import type { RateLimiter } from '../../../services/storage/rate-limiter.ts'
import { createIdentify, createKnows, type Identify, type Knows } from './identify.ts'
import { createRecognise } from './recognise.ts'

export interface TeamsIdentityDeps {
  readonly database: Database
  readonly conversations: ConversationStore
  readonly members: MemberStore
  /** Undefined: no Graph, and members tie their accounts themselves. */
  readonly directory: Pick<Directory, 'personOf'> | undefined
  readonly keyring: Keyring
  readonly rateLimiter: RateLimiter
  readonly translators: Translators
  readonly wording: Wording
  readonly publicUrl: string
  readonly now: () => Date
}

/** Who is behind an account of Teams. */
export interface TeamsIdentity {
  readonly identify: Identify
  readonly knows: Knows
  readonly accounts: TeamsAccounts
  readonly links: TeamsLinks
}

export function createTeamsIdentity(deps: TeamsIdentityDeps): TeamsIdentity {
  const accounts = createTeamsAccounts(deps)
  const links = createTeamsLinks(deps)
  const recognise = createRecognise({ ...deps, accounts })
  const identify = createIdentify({
    ...deps,
    references: createTeamsConversations(deps),
    recognise,
    accounts,
    links,
    linkPage: `${deps.publicUrl}/teams/link`,
  })
  return { identify, knows: createKnows({ recognise }), accounts, links }
}
