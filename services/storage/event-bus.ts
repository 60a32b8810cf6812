/** Says that there is something new in a topic: whoever listens reads it from the database. */
export interface EventBus {
  /** @param news the thing itself, which listeners in this process may take instead of reading it; others never see it */
  publish(topic: string, news?: object): Promise<void>
  /** @returns a function that ends the subscription */
  subscribe(topic: string, listener: (news?: object) => void): () => void
  close(): Promise<void>
}
