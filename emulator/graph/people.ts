import type { Call, Reply } from '../http/loopback-server.ts'
import { graphError } from './faults.ts'

/** A user of the tenant. */
export interface GraphUser {
  readonly id: string
  readonly userPrincipalName: string
  readonly displayName: string
  readonly employeeId?: string
  readonly preferredLanguage?: string
  readonly accountEnabled?: boolean
  readonly userType?: 'Member' | 'Guest'
  readonly mail?: string
}

export interface People {
  add(user: GraphUser): void
  readonly one: (call: Call) => Reply
  readonly list: (call: Call) => Reply
}

const defaults = ['id', 'displayName', 'mail', 'preferredLanguage', 'userPrincipalName']
const unset = { employeeId: null, preferredLanguage: null, accountEnabled: true, userType: 'Member', mail: null }

/** Gives, as Graph does, only what is selected, and null for what nobody filled in. */
function shown(user: GraphUser, call: Call): Record<string, unknown> {
  const names = call.url.searchParams.get('$select')?.split(',') ?? defaults
  const whole = new Map<string, unknown>(Object.entries({ ...unset, ...user }))
  return Object.fromEntries(names.map(name => [name, whole.get(name) ?? null]))
}

export function createPeople(): People {
  const users = new Map<string, GraphUser>()
  return {
    add: user => void users.set(user.id, user),
    one(call) {
      const name = (call.params['user'] ?? '').toLowerCase()
      const user = [...users.values()].find(one =>
        [one.id, one.userPrincipalName].some(own => own.toLowerCase() === name),
      )
      return user ? { status: 200, json: shown(user, call) } : graphError(404, 'Request_ResourceNotFound')
    },
    list(call) {
      const filter = call.url.searchParams.get('$filter') ?? ''
      const wanted = /^employeeId eq '((?:[^']|'')*)'$/.exec(filter)?.[1]?.replaceAll("''", "'")
      if (wanted === undefined) return graphError(400, 'Request_UnsupportedQuery')
      const top = Number(call.url.searchParams.get('$top') ?? 100)
      const found = [...users.values()].filter(({ employeeId }) => employeeId === wanted).slice(0, top)
      return { status: 200, json: { value: found.map(user => shown(user, call)) } }
    },
  }
}
