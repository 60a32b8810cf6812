/** Keeps two instances from the same work at the same time. Correctness never depends on it. */
export interface Lease {
  /**
   * Runs `work` when nobody holds `name`, else waits for its turn.
   * @throws {AppError} `lease.timeout` when it could not be had within 30 s
   */
  hold<T>(name: string, work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}
