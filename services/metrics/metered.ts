import type { PdfCheck } from '../documents/pdf-check/pdf-check.ts'
import type { Submissions } from '../requests/submission.ts'
import type { Jobs } from '../storage/jobs.ts'
import type { Lease } from '../storage/lease.ts'
import type { RateLimiter } from '../storage/rate-limiter.ts'
import type { Storage } from '../storage/storage.ts'
import type { Metrics } from './metrics.ts'

const secondsSince = (begun: number): number => (performance.now() - begun) / 1000

/** The same parts, counted. */
export function meteredStorage(storage: Storage, metrics: Metrics): MeteredStorage {
  return {
    ...storage,
    jobs: meteredJobs(storage.jobs, metrics),
    lease: meteredLease(storage.lease, metrics),
    rateLimiter: meteredRateLimiter(storage.rateLimiter, metrics),
  }
}

export interface MeteredStorage extends Storage {
  readonly lease: MeteredLease
}

function meteredRateLimiter(rateLimiter: RateLimiter, metrics: Metrics): RateLimiter {
  return {
    ...rateLimiter,
    async take(limit, key) {
      const wait = await rateLimiter.take(limit, key)
      if (wait > 0) metrics.limited(limit.name)
      return wait
    },
  }
}

interface MeteredLease extends Lease {
  /** Of this instance, now. */
  load(): { readonly held: number; readonly waiting: number }
}

function meteredLease(lease: Lease, metrics: Metrics): MeteredLease {
  let held = 0
  let asked = 0
  return {
    async hold(name, work, patienceMs) {
      const begun = performance.now()
      asked++
      const holding = async () => {
        metrics.leaseWaited(secondsSince(begun))
        held++
        return work().finally(() => held--)
      }
      return lease.hold(name, holding, patienceMs).finally(() => asked--)
    },
    load: () => ({ held, waiting: asked - held }),
    close: () => lease.close(),
  }
}

function meteredJobs(jobs: Jobs, metrics: Metrics): Jobs {
  return {
    ...jobs,
    handle: (queue, handler) =>
      jobs.handle(queue, async data => {
        try {
          await handler(data)
        } catch (error) {
          metrics.jobEnded(queue.name, 'failed')
          throw error
        }
        metrics.jobEnded(queue.name, 'done')
      }),
  }
}

export function meteredPdfCheck(pdfCheck: PdfCheck, metrics: Metrics): PdfCheck {
  return {
    ...pdfCheck,
    async check(bytes) {
      const begun = performance.now()
      const verdict = await pdfCheck.check(bytes)
      metrics.pdfChecked(verdict.ok ? 'ok' : verdict.reason, secondsSince(begun))
      return verdict
    },
  }
}

/** Counts a dossier once it is committed. */
export function meteredSubmissions(submissions: Submissions, metrics: Metrics): Submissions {
  return {
    ...submissions,
    async store(tx, submission, reply) {
      const number = await submissions.store(tx, submission, reply)
      tx.afterCommit(() => metrics.submitted(submission.draft.channel))
      return number
    },
  }
}
