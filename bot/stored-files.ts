import type { DocumentStore } from '../services/documents/document-store.ts'
import type { PdfCheck, PdfVerdict } from '../services/documents/pdf-check/pdf-check.ts'

/** Verdicts that are remembered. */
const REMEMBERED = 200

export interface StoredFiles {
  /** What the check says of a stored document. @throws {AppError} as the check and reading the document do */
  check(documentId: string): Promise<PdfVerdict>
  /** Gets ready for a file that is about to come. */
  readonly prepare: () => void
}

interface Deps {
  readonly documents: Pick<DocumentStore, 'read'>
  readonly pdfCheck: Pick<PdfCheck, 'check' | 'prepare'>
}

/** Nobody came to a verdict on the file itself. */
const isOpen = (verdict: PdfVerdict) =>
  !verdict.ok && (verdict.reason === 'busy' || verdict.reason === 'scanUnavailable')

/**
 * Checks each stored document once: its bytes never change. A turn that is run again, because its commit met a database
 * that was away or lost a race, is then done in a moment: else a database that falls every few seconds is never there for
 * long enough.
 */
export function createStoredFiles({ documents, pdfCheck }: Deps): StoredFiles {
  const verdicts = new Map<string, PdfVerdict>()

  async function check(id: string): Promise<PdfVerdict> {
    const known = verdicts.get(id)
    if (known) return known
    const verdict = await pdfCheck.check(documents.read(id))
    if (isOpen(verdict)) return verdict
    const [oldest] = verdicts.keys()
    if (verdicts.size >= REMEMBERED && oldest !== undefined) verdicts.delete(oldest)
    verdicts.set(id, verdict)
    return verdict
  }

  return { check, prepare: pdfCheck.prepare }
}
