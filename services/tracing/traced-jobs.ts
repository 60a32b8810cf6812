import type { JobData, Jobs } from '../storage/jobs.ts'
import type { Tracing } from './tracing.ts'

/** Beside a job's ids; names nobody, as they do not. */
const KEY = 'traceparent'

/** A job carries the trace of what sent it, which its handler goes on with. */
export function tracedJobs(jobs: Jobs, tracing: Tracing): Jobs {
  return {
    ...jobs,
    send(tx, queue, data) {
      const traceparent = tracing.current()
      return jobs.send(tx, queue, traceparent === undefined ? data : { ...data, [KEY]: traceparent })
    },
    handle: (queue, handler) =>
      jobs.handle(queue, carried => {
        const { [KEY]: parent, ...data }: JobData = carried
        const span = { kind: 'consumer', name: `job ${queue.name}`, attributes: { queue: queue.name }, parent } as const
        return tracing.trace(span, () => handler(data))
      }),
  }
}
