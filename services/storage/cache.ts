/** Spares a question to somebody else for a while. It may forget anything at any time: nothing depends on it but speed. */
export interface Cache {
  get(key: string): Promise<string | undefined>
  /** @param seconds after which it is gone; every value has an end */
  set(key: string, value: string, seconds: number): Promise<void>
  close(): Promise<void>
}
