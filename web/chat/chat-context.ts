import { createContext, useContext } from 'react'
import { useSyncExternalStore } from 'react'
import type { Words } from '../words/words.ts'
import type { Connection, LineState } from './connection/connection.ts'
import type { Delivery } from './connection/outbox.ts'
import type { Host } from './host/host.ts'
import type { Store } from './store.ts'

/** A message or a choice of the member. `value` is an object for buttons; `label` is what the button said. */
export type Outgoing = {
  readonly text?: string
  readonly value?: unknown
  readonly label?: string
  readonly press?: string
  readonly file?: File
}

export type Chat = {
  readonly words: Words
  readonly connection: Connection
  readonly host: Host
  /** What was pressed, by the client id of the message that carried it. */
  readonly presses: Store<ReadonlyMap<string, { readonly label: string; readonly press?: string }>>
  readonly send: (outgoing: Outgoing) => void
}

const ChatContext = createContext<Chat | undefined>(undefined)
export const ChatProvider = ChatContext.Provider

export function useChat(): Chat {
  const chat = useContext(ChatContext)
  if (!chat) throw new Error('no chat around this component')
  return chat
}

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get)
export const useLine = (): LineState => useStore(useChat().connection.state)
export const useDeliveries = (): ReadonlyMap<string, Delivery> => useStore(useChat().connection.outbox.deliveries)
