/** Marks the entry of the history that the open chat stands on, beside whatever state the page keeps there. */
const key = 'moussaadaChat'

const stateOf = (state: unknown): Record<string, unknown> =>
  typeof state === 'object' && state !== null ? (state as Record<string, unknown>) : {}
const isOurs = (state: unknown): boolean => key in stateOf(state)

export type BackButton = {
  readonly opened: () => void
  readonly closed: () => void
  readonly remove: () => void
}

/*
 * On a phone "Back" is how one closes what fills the screen. So opening adds an entry to the history, at the same address
 * and with the page's own state, which a router of the page needs to find again; going back from it closes the chat; closing
 * by a button takes the entry away. Entries that the page adds above ours are the page's own affair.
 */
export function createBackButton(chat: {
  isOpen: () => boolean
  open: () => void
  close: () => void
  /** Whether "Back" is to close the chat here: not on a desktop, where the page beside it is used on. */
  isWanted: () => boolean
}): BackButton {
  /** We went back ourselves, and the browser tells so a moment later. */
  let isGoingBack = false

  function opened(): void {
    if (isGoingBack || isOurs(history.state) || !chat.isWanted()) return
    history.pushState({ ...stateOf(history.state), [key]: true }, '')
  }

  function closed(): void {
    if (isGoingBack || !isOurs(history.state)) return
    isGoingBack = true
    history.back()
  }

  function onPopState({ state }: PopStateEvent): void {
    if (isGoingBack) {
      isGoingBack = false
      if (chat.isOpen()) opened()
      return
    }
    if (isOurs(state)) chat.open()
    else chat.close()
  }

  // A reload leaves the entry, and the chat is closed: what is left is an entry like any other.
  if (isOurs(history.state)) {
    const { [key]: _, ...rest } = stateOf(history.state)
    history.replaceState(rest, '')
  }
  addEventListener('popstate', onPopState)
  return { opened, closed, remove: () => removeEventListener('popstate', onPopState) }
}
