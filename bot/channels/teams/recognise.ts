import type { AccountSource, TeamsAccount, TeamsAccounts } from '../../../services/accounts/teams-accounts.ts'
import type { KnownReference, TeamsReference } from '../../../services/conversations/teams-conversations.ts'
import type { Directory } from '../../../services/directory/directory.ts'
import type { MemberStore } from '../../../services/members/member-store.ts'
import { normalisePpr } from '../../../services/members/ppr.ts'

/** `signIn`: nothing says who it is, and they may say so themselves. */
export type Refusal = 'signIn' | 'notFound' | 'disabled' | 'notMember' | 'unavailable'

interface Recognised {
  readonly known: true
  readonly memberId: string
  readonly source: AccountSource
}

export type Recognition = Recognised | { readonly known: false; readonly reason: Refusal }

export interface RecogniseDeps {
  /** Undefined: no Graph. */
  readonly directory: Pick<Directory, 'personOf'> | undefined
  readonly accounts: TeamsAccounts
  readonly members: Pick<MemberStore, 'findByPpr'>
  readonly now: () => Date
}

/** The directory is asked again after this long. */
const FRESH_MS = 10 * 60 * 1000
/** While the directory is away, whoever it vouched for within a day is still who they were. */
const KEPT_MS = 24 * 60 * 60 * 1000

const refused = (reason: Refusal): Recognition => ({ known: false, reason })

/** Which member an account of Teams is: by the directory's employee number, else as the member has tied it. */
export function createRecognise({ directory, accounts, members, now }: RecogniseDeps) {
  const isWithin = ({ checkedAt }: TeamsAccount, ms: number) => now().getTime() - checkedAt.getTime() < ms

  async function forget(account: string, reason: Refusal): Promise<Recognition> {
    await accounts.forget(account)
    return refused(reason)
  }

  async function byNumber(reference: TeamsReference, employeeId: string): Promise<Recognition> {
    const { account, accountName: name } = reference
    const ppr = normalisePpr(employeeId)
    const member = ppr === undefined ? undefined : await members.findByPpr(ppr)
    if (!member) return await forget(account, 'notMember')
    await accounts.remember({ account, memberId: member.id, source: 'directory', name })
    return { known: true, memberId: member.id, source: 'directory' }
  }

  async function byDirectory(reference: TeamsReference, known: TeamsAccount | undefined): Promise<Recognition> {
    const { account } = reference
    const person = await directory?.personOf(account)
    if (!person?.found) {
      if (person?.reason === 'unknown') return await forget(account, 'notFound')
      return known && isWithin(known, KEPT_MS) ? recognised(known) : refused('unavailable')
    }
    if (!person.enabled) return await forget(account, 'disabled')
    if (person.employeeId !== undefined) return await byNumber(reference, person.employeeId)
    if (person.guest) return await forget(account, 'notFound')
    if (known?.source !== 'link') return known ? await forget(account, 'signIn') : refused('signIn')
    await accounts.remember(known)
    return recognised(known)
  }

  /** Of what is stored, as long as nobody has to be asked. */
  function recall({ known }: Pick<KnownReference, 'known'>): Recognised | undefined {
    const isCertain = known && (directory ? isWithin(known, FRESH_MS) : known.source === 'link')
    return isCertain ? recognised(known) : undefined
  }

  async function find({ reference, known }: KnownReference): Promise<Recognition> {
    return recall({ known }) ?? (directory ? await byDirectory(reference, known) : refused('signIn'))
  }

  return { find, recall }
}

export type Recognise = ReturnType<typeof createRecognise>

const recognised = ({ memberId, source }: TeamsAccount): Recognised => ({ known: true, memberId, source })
