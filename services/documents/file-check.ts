import type { Log } from '../log.ts'
import { meteredPdfCheck } from '../metrics/metered.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { createPdfCheck, type PdfCheck } from './pdf-check/pdf-check.ts'
import { createClamd } from './virus-scan/clamd.ts'
import { withVirusScan } from './virus-scan/virus-scan.ts'

interface Deps {
  /** ClamAV's daemon; undefined: files are not scanned, which is said once. */
  readonly clamdUrl: string | undefined
  readonly log: Log
  readonly metrics: Metrics
}

/** All that a file has to pass. */
export function openFileCheck({ clamdUrl, log, metrics }: Deps): PdfCheck {
  const pdfCheck = createPdfCheck({ log })
  if (clamdUrl === undefined) log.warn('antivirus.off')
  const check = clamdUrl === undefined ? pdfCheck : withVirusScan(pdfCheck, createClamd({ url: clamdUrl, log }))
  return meteredPdfCheck(check, metrics)
}
