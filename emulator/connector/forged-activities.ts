import type { Incoming } from './webhook.ts'

/** An activity that no bot of one tenant's Teams may take, although the token beside it is genuine. */
export interface ForgedActivity {
  readonly kind: string
  readonly activity: Readonly<Record<string, unknown>>
}

const without = (activity: Incoming, name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(activity).filter(([key]) => key !== name))

/** @param genuine an activity that would be taken */
export function forgedActivities(genuine: Incoming): ForgedActivity[] {
  const otherTenant = '33333333-3333-4333-8333-333333333333'
  const conversation = { conversationType: 'personal', id: 'a:1other', tenantId: otherTenant }
  const changed = (changes: Readonly<Record<string, unknown>>): Record<string, unknown> => ({ ...genuine, ...changes })
  return [
    { kind: 'without a serviceUrl', activity: without(genuine, 'serviceUrl') },
    { kind: 'with an empty serviceUrl', activity: changed({ serviceUrl: '' }) },
    { kind: 'with another serviceUrl', activity: changed({ serviceUrl: 'https://smba.attacker.example/emea/' }) },
    { kind: 'with a serviceUrl that is no text', activity: changed({ serviceUrl: { href: genuine.serviceUrl } }) },
    { kind: 'without a channel', activity: without(genuine, 'channelId') },
    { kind: 'of the emulator channel', activity: changed({ channelId: 'emulator' }) },
    { kind: 'of a channel with its own validator', activity: changed({ channelId: 'AseChannel' }) },
    { kind: 'of another channel', activity: changed({ channelId: 'directline' }) },
    { kind: 'without a type', activity: without(genuine, 'type') },
    { kind: 'without a sender', activity: without(genuine, 'from') },
    { kind: 'without a conversation', activity: without(genuine, 'conversation') },
    {
      kind: 'of another tenant',
      activity: changed({ conversation, channelData: { tenant: { id: otherTenant } } }),
    },
    { kind: 'of no tenant', activity: changed({ conversation: { id: 'a:1other' }, channelData: {} }) },
  ]
}
