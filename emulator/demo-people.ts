import type { Person } from './connector/chats.ts'

/** Somebody who may open the page. */
export interface DemoPerson extends Person {
  /** What the directory holds as `employeeId`; undefined: nothing. */
  readonly employeeId?: string
}

/** The demo members of the register, and those whom it does not know. */
export const demoPeople: readonly DemoPerson[] = [
  {
    aadObjectId: 'a0000000-0000-4000-8000-000001000001',
    name: 'Membre 1000001',
    userPrincipalName: 'membre.1000001@fosmef.example',
    locale: 'fr-FR',
    employeeId: '1000001',
  },
  {
    aadObjectId: 'a0000000-0000-4000-8000-000001000002',
    name: 'Membre 1000002',
    userPrincipalName: 'membre.1000002@fosmef.example',
    locale: 'ar-MA',
    employeeId: '1000002',
  },
  {
    aadObjectId: 'a0000000-0000-4000-8000-000001000003',
    name: 'Membre 1000003',
    userPrincipalName: 'membre.1000003@fosmef.example',
    locale: 'fr-FR',
    employeeId: '1000003',
  },
  {
    aadObjectId: 'a0000000-0000-4000-8000-000001000004',
    name: 'Membre 1000004',
    userPrincipalName: 'membre.1000004@fosmef.example',
    locale: 'ar-MA',
    employeeId: '1000004',
  },
  {
    aadObjectId: 'a0000000-0000-4000-8000-000001000005',
    name: 'Membre 1000005',
    userPrincipalName: 'membre.1000005@fosmef.example',
    locale: 'fr-FR',
    employeeId: '1000005',
  },
  {
    aadObjectId: 'a0000000-0000-4000-8000-000000000404',
    name: 'Sans matricule',
    userPrincipalName: 'sans.matricule@fosmef.example',
    locale: 'fr-FR',
  },
  {
    aadObjectId: 'b0000000-0000-4000-8000-000000000001',
    name: 'Invité',
    userPrincipalName: 'invite@ailleurs.example',
    locale: 'fr-FR',
    tenantId: '22222222-2222-4222-8222-222222222222',
  },
]
