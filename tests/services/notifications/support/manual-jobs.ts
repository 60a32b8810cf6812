import type { JobData, JobQueue, Jobs } from '../../../../services/storage/jobs.ts'

/** Jobs of which a test says when each is tried: pg-boss waits seconds and hours between two tries. */
export function createManualJobs() {
  const handlers = new Map<string, (data: JobData) => Promise<void>>()
  const sent: { readonly queue: string; readonly data: JobData }[] = []
  const queues: JobQueue[] = []
  const jobs: Jobs = {
    start: async () => undefined,
    stop: async () => undefined,
    async send(tx, queue, data) {
      tx.afterCommit(() => sent.push({ queue: queue.name, data }))
    },
    handle(queue, handler) {
      queues.push(queue)
      handlers.set(queue.name, handler)
    },
  }
  return {
    jobs,
    queues,
    sent,
    /** One try. @returns the code of what broke */
    async attempt(queue: string, data: JobData): Promise<string | undefined> {
      try {
        await handlers.get(queue)?.(data)
        return undefined
      } catch (error) {
        return error instanceof Error && 'code' in error ? String(error.code) : String(error)
      }
    },
  }
}
