import { Socket } from 'node:net'

/**
 * Sends what is asked within one pass of the event loop together: under load a call of the system costs more than what it
 * carries. pg corks the messages of one statement and uncorks behind them, which here takes effect when the pass is over.
 * (`write` is no place for it: Node takes an overridden one away when the socket connects.)
 */
export class GatheringSocket extends Socket {
  #isGathering = false

  override uncork(): void {
    if (this.#isGathering) return
    this.#isGathering = true
    setImmediate(() => {
      this.#isGathering = false
      while (this.writableCorked > 0) super.uncork()
    })
  }
}
