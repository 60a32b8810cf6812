/** What the bot asks the connector to do. */
export type Operation = 'create' | 'send' | 'update' | 'delete' | 'members' | 'image'

/** How one call of the bot goes wrong. `acted`: it was done, and only the answer is lost. */
export type CallFault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number; readonly acted?: boolean }
  | { readonly kind: 'reset'; readonly acted?: boolean }
  | { readonly kind: 'slow'; readonly ms: number }

/**
 * How a message of a person reaches the bot. `duplicate`: at once, twice, with one id. `redelivered`: as Teams does to a
 * bot that is late: twice with one id, then twice more with a new id and time. `held`: after the next one.
 */
export type DeliveryFault = 'duplicate' | 'redelivered' | 'held'

export interface Faults {
  /** The next `times` calls, of this operation or of any, go wrong. */
  onCall(fault: CallFault, options?: { readonly operation?: Operation; readonly times?: number }): void
  /** The next message goes this way. */
  onDelivery(fault: DeliveryFault): void
  takeForCall(operation: Operation): CallFault | undefined
  takeForDelivery(): DeliveryFault | undefined
  /** What is still to come. */
  pending(): { readonly calls: number; readonly deliveries: number }
  clear(): void
}

interface Planned {
  readonly fault: CallFault
  readonly operation: Operation | undefined
  left: number
}

export function createFaults(): Faults {
  let calls: Planned[] = []
  let deliveries: DeliveryFault[] = []
  return {
    onCall: (fault, { operation, times = 1 } = {}) => void calls.push({ fault, operation, left: times }),
    onDelivery: fault => void deliveries.push(fault),
    takeForCall(operation) {
      const planned = calls.find(one => one.operation === undefined || one.operation === operation)
      if (!planned) return undefined
      planned.left--
      if (planned.left <= 0) calls = calls.filter(one => one !== planned)
      return planned.fault
    },
    takeForDelivery: () => deliveries.shift(),
    pending: () => ({ calls: calls.reduce((sum, { left }) => sum + left, 0), deliveries: deliveries.length }),
    clear() {
      calls = []
      deliveries = []
    },
  }
}
