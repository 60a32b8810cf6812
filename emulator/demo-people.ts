import { demoMembers } from '../services/members/demo-members.ts'
import type { Person } from './connector/chats.ts'
import type { GraphUser } from './graph/people.ts'

/** Somebody who may open the page. */
export interface DemoPerson extends Person {
  /** What the directory holds as `employeeId`; undefined: nothing. */
  readonly employeeId?: string
  readonly isDisabled?: boolean
}

/** Teams speaks Arabic as `ar-SA` only. */
const locales: Readonly<Record<string, string>> = { '1000002': 'ar-SA', '1000004': 'ar-SA' }

const members = demoMembers.map(({ ppr, name }): DemoPerson => ({
  aadObjectId: `a0000000-0000-4000-8000-00000${ppr}`,
  name,
  userPrincipalName: `membre.${ppr}@fosmef.example`,
  locale: locales[ppr] ?? 'fr-FR',
  employeeId: ppr,
}))

const other = (name: string, id: string, account: string): DemoPerson => ({
  aadObjectId: `b0000000-0000-4000-8000-00000000000${id}`,
  name,
  userPrincipalName: `${account}@fosmef.example`,
  locale: 'fr-FR',
})

/** The demo members of the register, then those for whom the directory has no member. */
export const demoPeople: readonly DemoPerson[] = [
  ...members,
  other('Sans matricule', '1', 'sans.matricule'),
  { ...other('Matricule inconnu', '2', 'inconnu'), employeeId: '9999999' },
  { ...other('Compte désactivé', '3', 'desactive'), employeeId: '1000001', isDisabled: true },
  { ...other('Invité', '4', 'invite'), tenantId: '22222222-2222-4222-8222-222222222222' },
]

/** As the bot's own directory knows them: somebody of another tenant is its guest. */
export function directoryEntry(person: DemoPerson): GraphUser {
  const { aadObjectId: id, name, userPrincipalName, employeeId, locale, isDisabled = false } = person
  return {
    id,
    userPrincipalName,
    displayName: name,
    mail: userPrincipalName,
    preferredLanguage: locale,
    accountEnabled: !isDisabled,
    userType: person.tenantId === undefined ? 'Member' : 'Guest',
    ...(employeeId !== undefined && { employeeId }),
  }
}
