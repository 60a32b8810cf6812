/** As much of an observable as Web Chat's sagas ask for. */
export type Observer<T> = { next?: (value: T) => void; error?: (error: unknown) => void; complete?: () => void }
export type Subscription = { unsubscribe(): void }
export type Observable<T> = { subscribe(observer: Observer<T>): Subscription }
export type Subject<T> = Observable<T> & { next(value: T): void }

/** Hands each value to whoever listens now; with `replayLatest`, the newest one also to whoever comes later. */
export function createSubject<T>(replayLatest?: { initial: T }): Subject<T> {
  const observers = new Set<Observer<T>>()
  let latest = replayLatest
  return {
    next: value => {
      if (latest) latest = { initial: value }
      for (const observer of observers) observer.next?.(value)
    },
    subscribe: observer => {
      observers.add(observer)
      if (latest) observer.next?.(latest.initial)
      return { unsubscribe: () => observers.delete(observer) }
    },
  }
}
