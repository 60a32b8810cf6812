import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type * as PdfLib from '@cantoo/pdf-lib'
import { actionFindings } from './action-findings.ts'
import { hasForeignAttachment } from './attached-invoices.ts'
import type { Finding } from './finding.ts'
import { hasFormScript } from './form-scripts.ts'
import { hiddenObjects } from './hidden-objects.ts'
import { MAX_OBJECTS } from './limits.ts'
import { createObjectInspector } from './object-inspector.ts'
import { countPages } from './page-count.ts'
import { tooManyObjects, watchParser, type Sighting } from './parser-watch.ts'
import { growsTooLarge } from './unfolded-size.ts'

// The package's own entry loads 300 files; its one-file build is there in a quarter of the time.
const ENTRY = createRequire(import.meta.url).resolve('@cantoo/pdf-lib')
const pdfLib: typeof PdfLib = await import(new URL('../dist/pdf-lib.esm.min.js', pathToFileURL(ENTRY)).href)

/** What a member is told, when a file has several faults: the one that says most about what to do. */
const ORDER: readonly Finding[] = ['active', 'attachments', 'tooComplex', 'damaged']

type Walked = { readonly finding: Finding } | { readonly finding: undefined; readonly pages: number }

/**
 * Looks at every object that pdf-lib finds in the file, also at those that a later one of the same number replaces,
 * since another reader may well show the earlier one, and then at what pdf-lib itself passed over.
 */
export async function walkObjects(bytes: Uint8Array): Promise<Walked> {
  const watch = watchParser(pdfLib, createObjectInspector(pdfLib))
  try {
    const { context } = await load(bytes)
    const sighting = watch.of(context)
    if (sighting.objects > MAX_OBJECTS) return { finding: 'tooComplex' }
    const found = new Set([...sighting.findings, ...hiddenObjects(bytes, sighting.headers)])
    if (!found.has('tooComplex')) addFindings(found, sighting, context)
    const finding = ORDER.find(one => found.has(one))
    return finding ? { finding } : { finding, pages: countPages(pdfLib, context) }
  } catch (error) {
    return { finding: error === tooManyObjects || error instanceof RangeError ? 'tooComplex' : 'damaged' }
  } finally {
    watch.end()
  }
}

const namesOf = (...names: string[]) => names.map(name => pdfLib.PDFName.of(name))
const actionNames = namesOf('JS', 'JavaScript', 'GoToR', 'GoToE', 'ImportData', 'SubmitForm', 'URI')
const attachmentNames = namesOf('EF', 'EmbeddedFile')

/** What can be told only when all objects are there. */
function addFindings(found: Set<Finding>, { versions, names }: Sighting, context: PdfLib.PDFContext): void {
  const hasOneOf = (telling: readonly PdfLib.PDFName[]) => telling.some(name => names.has(name))
  if (hasOneOf(actionNames)) for (const finding of actionFindings(pdfLib, versions)) found.add(finding)
  if (hasFormScript(pdfLib, context)) found.add('active')
  if (hasOneOf(attachmentNames) && hasForeignAttachment(pdfLib, versions)) found.add('attachments')
  if (found.size === 0 && growsTooLarge(pdfLib, versions)) found.add('tooComplex')
}

/** The empty password: files that only forbid to print or copy open with it, and so for everybody. */
async function load(bytes: Uint8Array): Promise<PdfLib.PDFDocument> {
  const parseSpeed = pdfLib.ParseSpeeds.Fastest
  return await pdfLib.PDFDocument.load(bytes, { password: '', parseSpeed, updateMetadata: false, preserveXFA: true })
}
