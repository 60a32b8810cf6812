import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type * as PdfLib from '@cantoo/pdf-lib'
import type { Finding } from './finding.ts'
import { hiddenObjects } from './hidden-objects.ts'
import { MAX_OBJECTS } from './limits.ts'
import { createObjectInspector } from './object-inspector.ts'
import { tooManyObjects, watchParser } from './parser-watch.ts'
import { hasFormScript } from './form-scripts.ts'

// The package's own entry loads 300 files; its one-file build is there in a quarter of the time.
const ENTRY = createRequire(import.meta.url).resolve('@cantoo/pdf-lib')
const pdfLib: typeof PdfLib = await import(new URL('../dist/pdf-lib.esm.min.js', pathToFileURL(ENTRY)).href)

/** What a member is told, when a file has several faults: the one that says most about what to do. */
const ORDER: readonly Finding[] = ['active', 'attachments', 'tooComplex', 'damaged']

/**
 * Looks at every object that pdf-lib finds in the file, also at those that a later one of the same number replaces,
 * since another reader may well show the earlier one, and then at what pdf-lib itself passed over.
 */
export async function findActiveContent(bytes: Uint8Array): Promise<Finding | undefined> {
  const watch = watchParser(pdfLib, createObjectInspector(pdfLib))
  try {
    const document = await load(bytes)
    const { findings, headers, objects } = watch.of(document.context)
    if (objects > MAX_OBJECTS) return 'tooComplex'
    const found = new Set([...findings, ...hiddenObjects(bytes, headers)])
    if (hasFormScript(pdfLib, document.context)) found.add('active')
    return ORDER.find(finding => found.has(finding))
  } catch (error) {
    return error === tooManyObjects || error instanceof RangeError ? 'tooComplex' : 'damaged'
  } finally {
    watch.end()
  }
}

/** The empty password: files that only forbid to print or copy open with it, and so for everybody. */
async function load(bytes: Uint8Array): Promise<PdfLib.PDFDocument> {
  const parseSpeed = pdfLib.ParseSpeeds.Fastest
  return await pdfLib.PDFDocument.load(bytes, { password: '', parseSpeed, updateMetadata: false, preserveXFA: true })
}
