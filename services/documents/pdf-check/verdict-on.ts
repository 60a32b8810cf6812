import { walkObjects } from './object-walk.ts'
import { openPages } from './page-walk.ts'
import type { ChildVerdict } from './verdict.ts'

/**
 * Reads a file with two libraries that know nothing of each other: pdf.js says whether it opens and how many pages it
 * has, pdf-lib shows every object in it. Only what both can read is accepted. The number of pages comes first: it is
 * known before the objects are read, so that a file of thousands of pages is refused in no time.
 */
export async function verdictOn(bytes: Uint8Array): Promise<ChildVerdict> {
  const document = await openPages(bytes)
  if (!document.ok) return document
  const walked = await walkObjects(bytes)
  if (walked.finding) return { ok: false, reason: walked.finding }
  if (document.pages < 1 && walked.pages === 0) return { ok: false, reason: 'noPages' }
  // More than it owns up to: staff would not see what another viewer shows.
  if (document.pages < 1 || walked.pages > document.pages) return { ok: false, reason: 'damaged' }
  return await document.readAll()
}
