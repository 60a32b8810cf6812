/** Says that there is something new in a topic, never the thing itself: whoever listens reads it from the database. */
export interface EventBus {
  publish(topic: string): Promise<void>
  /** @returns a function that ends the subscription */
  subscribe(topic: string, listener: () => void): () => void
  close(): Promise<void>
}
