import type { Emulator } from '../../emulator/start-emulator.ts'
import { createTeamsPerson, type Visible } from '../../emulator/teams-person.ts'
import type { Identity } from '../identity.ts'
import { expectParts, type Seat, type Step } from '../peer.ts'

type Said = Exclude<Step, 'document' | 'submit'>

const buttons: Record<Said, string> = {
  hello: 'Demander',
  consent: "J'ai lu et j'accepte",
  rib: 'Confirmer',
  beneficiary: 'Adhérent(e)',
  motif: 'Maladie oncologique',
}

const replies: Record<Said, string> = {
  hello: buttons.consent,
  consent: buttons.rib,
  rib: buttons.beneficiary,
  beneficiary: buttons.motif,
  motif: 'PDF',
}

const accountOf = ({ ppr }: Identity) => `d0000000-0000-4000-8000-00000${ppr}`

/** The directory's entry of a member of the bench. */
export const teamsPersonOf = (identity: Identity) => ({
  aadObjectId: accountOf(identity),
  name: identity.name,
  userPrincipalName: `membre.${identity.ppr}@fosmef.example`,
  locale: 'fr-FR',
  employeeId: identity.ppr,
})

const isSaid = (step: Step): step is Said => step in buttons

/** A member in Teams, greeted. Files and the submit are left out. */
export async function openTeamsSeat(emulator: Emulator, identity: Identity): Promise<Seat> {
  const person = createTeamsPerson(emulator, teamsPersonOf(identity))
  const newest = (seen: readonly Visible[]) => seen.findLast(({ from }) => from === 'bot')
  const said = (seen: readonly Visible[]) => seen.filter(({ from }) => from === 'bot').length
  await person.installs()
  await person.waits(seen => said(seen) > 0, 60_000)
  return {
    async say(step) {
      if (!isSaid(step)) throw new Error(`${step} is not measured in Teams`)
      const before = said(person.sees())
      // The motifs' buttons all read alike.
      await (step === 'motif' ? person.says(buttons.motif) : person.clicks(buttons[step]))
      const reply = newest(await person.waits(seen => said(seen) > before, 60_000))
      const shown = `${reply?.text} ${reply?.buttons.map(({ title }) => title).join(' ')}`
      expectParts(step, shown.replaceAll('\u2019', "'"), [replies[step]])
    },
    close: () => undefined,
  }
}
