import type { Connection } from './connection/connection.ts'
import type { OutgoingActivity } from './connection/outbox.ts'
import { createStore } from './store.ts'
import type { Store } from './store.ts'

export type Presses = Store<ReadonlyMap<string, { readonly label: string; readonly press?: string }>>

/** Fields by which the widget finds its own message again when Web Chat has given it an id; they never leave the page. */
export const ownFields = { label: 'moussaadaLabel', press: 'moussaadaPress' } as const

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Web Chat's view of a connection, and the record of what was pressed by the client id of the message that carried it. */
export function createPressRecord(connection: Connection): {
  presses: Presses
  botConnection: Connection['botConnection']
} {
  const presses: Presses = createStore<ReadonlyMap<string, { label: string; press?: string }>>(new Map())

  function take(activity: OutgoingActivity): OutgoingActivity {
    const {
      [ownFields.label]: label,
      [ownFields.press]: press,
      ...channelData
    } = { ...activity.channelData } as Record<string, unknown>
    const clientId = textOf(channelData['clientActivityID'])
    const [shownLabel, pressId] = [textOf(label), textOf(press)]
    if (clientId !== undefined && shownLabel !== undefined) {
      const record = { label: shownLabel, ...(pressId === undefined ? {} : { press: pressId }) }
      presses.update(current => new Map(current).set(clientId, record))
    }
    return { ...activity, channelData }
  }

  return {
    presses,
    botConnection: {
      ...connection.botConnection,
      postActivity: activity => connection.botConnection.postActivity(take(activity)),
    },
  }
}
