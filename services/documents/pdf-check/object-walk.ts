import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type * as PdfLib from '@cantoo/pdf-lib'
import { MAX_OBJECTS } from './limits.ts'
import { createObjectInspector, type Finding } from './object-inspector.ts'
import { findHiddenObjects } from './hidden-objects.ts'

// The package's own entry loads 300 files; its one-file build is there in a quarter of the time.
const entry = createRequire(import.meta.url).resolve('@cantoo/pdf-lib')
const pdfLib: typeof PdfLib = await import(new URL('../dist/pdf-lib.esm.min.js', pathToFileURL(entry)).href)
const inspect = createObjectInspector(pdfLib)

const tooManyObjects = new Error('too many objects')

/**
 * Looks at every object that pdf-lib finds in the file, also those that a later one of the same number replaces, since
 * another reader may well show the earlier one, and then at what pdf-lib itself passed over.
 */
export async function findActiveContent(bytes: Uint8Array): Promise<Finding | undefined> {
  const watch = watchParser()
  try {
    const document = await pdfLib.PDFDocument.load(bytes, {
      password: '',
      updateMetadata: false,
      parseSpeed: pdfLib.ParseSpeeds.Fastest,
    })
    return worst([...watch.findings(document.context), ...findHiddenObjects(bytes, watch.headers)])
  } catch (error) {
    return error === tooManyObjects || error instanceof RangeError ? 'tooComplex' : 'damaged'
  } finally {
    watch.end()
  }
}

/**
 * pdf-lib hands every object to `assign` of its context as it goes. An encrypted file is read twice, each time into a
 * context of its own; what the first reading sees of it is still scrambled and does not count.
 */
function watchParser() {
  const findings = new Map<PdfLib.PDFContext, Finding[]>()
  const headers = new Set<number>()
  const { assign } = pdfLib.PDFContext.prototype
  const endHeaders = watchHeaders(headers)
  let objects = 0

  pdfLib.PDFContext.prototype.assign = function (ref, object) {
    objects++
    if (objects > 2 * MAX_OBJECTS) throw tooManyObjects
    const found = findings.get(this) ?? []
    findings.set(this, found)
    found.push(...inspect(object))
    assign.call(this, ref, object)
  }
  return {
    headers,
    findings: (context: PdfLib.PDFContext) => findings.get(context) ?? [],
    end() {
      pdfLib.PDFContext.prototype.assign = assign
      endHeaders()
    },
  }
}

/** Notes where in the file pdf-lib saw an object begin. Its parser has no public way to ask, hence `Reflect`. */
function watchHeaders(headers: Set<number>): () => void {
  const parser = pdfLib.PDFParser.prototype
  const parse: unknown = Reflect.get(parser, 'parseIndirectObject')
  if (typeof parse !== 'function') throw new TypeError('pdf-lib has no parseIndirectObject any more')
  Reflect.set(parser, 'parseIndirectObject', function (this: object) {
    const bytes: unknown = Reflect.get(this, 'bytes')
    if (bytes instanceof Object) headers.add(Number(Reflect.apply(Reflect.get(bytes, 'offset'), bytes, [])))
    return Reflect.apply(parse, this, [])
  })
  return () => Reflect.set(parser, 'parseIndirectObject', parse)
}

/** One sentence is enough for a member: the one that tells most about what to do. */
function worst(findings: readonly Finding[]): Finding | undefined {
  const order: readonly Finding[] = ['active', 'attachments', 'tooComplex', 'damaged']
  return order.find(finding => findings.includes(finding))
}
