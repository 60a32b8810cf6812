import type { PdfCheck, PdfVerdict } from '../pdf-check/pdf-check.ts'

/** `unavailable`: it did not answer, not in time or not understandably. That is never `clean`. */
export type ScanResult = 'clean' | 'infected' | 'tooComplex' | 'unavailable'

export interface VirusScan {
  /** @throws what `bytes` throws */
  scan(bytes: AsyncIterable<Uint8Array>): Promise<ScanResult>
}

/** A file that is a good PDF is shown to the antivirus too. `bytes` are then read a second time. */
export function withVirusScan(pdfCheck: PdfCheck, virusScan: VirusScan): PdfCheck {
  return {
    ...pdfCheck,
    async check(bytes) {
      const verdict = await pdfCheck.check(bytes)
      return verdict.ok ? verdictOf(await virusScan.scan(bytes), verdict) : verdict
    },
  }
}

function verdictOf(result: ScanResult, accepted: PdfVerdict): PdfVerdict {
  if (result === 'clean') return accepted
  return { ok: false, reason: result === 'unavailable' ? 'scanUnavailable' : result }
}
