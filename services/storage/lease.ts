/** Keeps two instances from the same work at the same time. Correctness never depends on it. */
export interface Lease {
  /**
   * Runs `work` when nobody holds `name`, else waits for its turn.
   * @param patienceMs how long it may wait for those before it, in this process and then elsewhere; 30 s by default
   * @throws {AppError} `lease.timeout` when it could not be had in that time
   */
  hold<T>(name: string, work: () => Promise<T>, patienceMs?: number): Promise<T>
  close(): Promise<void>
}
