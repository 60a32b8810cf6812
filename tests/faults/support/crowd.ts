import { after } from 'node:test'
import type { Exchanged } from '../../channels/support/xml-http-request.ts'
import { openApplicant, type Applicant, type ApplicantOptions } from './applicant.ts'
import type { Cluster } from './cluster.ts'
import type { Random } from './random.ts'

/** Bytes: what is in a file does not matter here, and large ones take time from everything else. */
const LARGEST_FILE = 100_000

type Choice = Partial<Pick<ApplicantOptions, 'mayApologise' | 'largest' | 'patience' | 'timeout'>>

/** Members of the cluster's register in the chat, each once: the next call brings others. Used within a suite, after its cluster. */
export function useCrowd(cluster: () => Cluster, random: Random) {
  let places = 0
  const all: Applicant[] = []
  const exchanged: Exchanged[] = []

  const onExchanged = (one: Exchanged): void => void exchanged.push(one)

  async function come(choice: Choice): Promise<Applicant> {
    const { url, enter, enrolled } = cluster()
    const next = enrolled[places++]
    if (!next) throw new Error('the register has no more members')
    const page = { url, enter, scattered: true, patience: 60_000, largest: LARGEST_FILE, onExchanged }
    const applicant = await openApplicant({ ...page, ...next, ...choice, random })
    all.push(applicant)
    return applicant
  }

  // Pages that find no server would try for ever.
  after(() => all.forEach(({ member }) => member.close()))
  return {
    /** Everybody who has come so far. */
    all: (): readonly Applicant[] => all,
    /** Every request of their pages that has ended so far. */
    exchanged: (): readonly Exchanged[] => exchanged,
    come: (count: number, choice: Choice = {}): Promise<Applicant[]> =>
      Promise.all(Array.from({ length: count }, () => come(choice))),
  }
}
