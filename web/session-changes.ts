/*
 * Tells every page of this origin in this browser that somebody signed in or out, and remembers a sign-out that the server
 * has not confirmed. Nothing about the person is stored.
 */
const name = 'moussaada-session'
const pendingKey = 'moussaada-signing-out'

const channel = 'BroadcastChannel' in window ? new BroadcastChannel(name) : undefined
/** For a browser that refuses to store: then only this page knows. */
let pendingHere = false

/** The storage throws where cookies are blocked. */
function withStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage)
  } catch {
    return undefined
  }
}

/** Other pages of this browser hear it by the channel, or by the storage event where the channel does not reach. */
export function announceSessionChange(): void {
  const stamp = `${Date.now()}-${Math.random()}`
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no target: it stays within the origin
  channel?.postMessage(stamp)
  withStorage(storage => storage.setItem(name, stamp))
}

/** Hears once of each change that was made in another page. */
export function onSessionChange(listener: () => void): void {
  let last: unknown
  const hear = (stamp: unknown): void => {
    if (stamp === last) return
    last = stamp
    listener()
  }
  channel?.addEventListener('message', ({ data }) => hear(data))
  addEventListener('storage', ({ key, newValue }) => {
    if (key === name && newValue !== null) hear(newValue)
  })
}

/** True from the press on "sign out" until the server has confirmed it, also after a reload and in other tabs. */
export const isSigningOut = (): boolean =>
  pendingHere || withStorage(storage => storage.getItem(pendingKey) !== null) === true

export function rememberSigningOut(isPending: boolean): void {
  const isStored = withStorage(storage => {
    if (isPending) storage.setItem(pendingKey, '1')
    else storage.removeItem(pendingKey)
    return true
  })
  pendingHere = isPending && isStored !== true
}
