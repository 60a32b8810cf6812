import type * as PdfLib from '@cantoo/pdf-lib'
import type { Finding } from './finding.ts'
import { MAX_OBJECTS } from './limits.ts'
import type { ObjectInspector } from './object-inspector.ts'

/** Thrown out of the parser, which would otherwise go on collecting. */
export const tooManyObjects = new Error('too many objects')

/** What was seen while one document was parsed. */
export interface Sighting {
  readonly findings: Set<Finding>
  /** Where in the file an object begins that was read to its end. */
  readonly headers: Set<number>
  readonly versions: Map<PdfLib.PDFRef, PdfLib.PDFObject[]>
  /** Every name that is in it, as a key or as a value. */
  readonly names: Set<PdfLib.PDFName>
  objects: number
}

export interface ParserWatch {
  of(context: PdfLib.PDFContext): Sighting
  /** Gives pdf-lib its own functions back. */
  end(): void
}

/**
 * pdf-lib hands every object to `assign` of its context as it goes, and keeps only the last of each number. An encrypted
 * file is parsed twice, into a context each: what the first parse sees is scrambled and must not count.
 */
export function watchParser(pdfLib: typeof PdfLib, inspect: ObjectInspector): ParserWatch {
  const sightings = new WeakMap<object, Sighting>()
  const of = (context: object) => {
    const sighting = sightings.get(context) ?? {
      findings: new Set(),
      headers: new Set(),
      versions: new Map(),
      names: new Set(),
      objects: 0,
    }
    sightings.set(context, sighting)
    return sighting
  }
  const names = watchNames(pdfLib)
  const endHeaders = watchHeaders(pdfLib, of)
  const endAssign = wrapAssign(pdfLib, (context, ref, object) => {
    const sighting = of(context)
    sighting.objects++
    if (sighting.objects > 2 * MAX_OBJECTS) throw tooManyObjects
    const versions = sighting.versions.get(ref)
    if (versions) versions.push(object)
    else sighting.versions.set(ref, [object])
    const read = names.sinceLast()
    for (const name of read.keys()) sighting.names.add(name)
    for (const finding of inspect(object, read)) sighting.findings.add(finding)
  })
  return {
    of,
    end() {
      endAssign()
      names.end()
      endHeaders()
    },
  }
}

function wrapAssign(
  { PDFContext }: typeof PdfLib,
  look: (context: object, ref: PdfLib.PDFRef, object: PdfLib.PDFObject) => void,
): () => void {
  const original = Object.getOwnPropertyDescriptor(PDFContext.prototype, 'assign')
  const assign: unknown = original?.value
  if (!original || typeof assign !== 'function') throw new TypeError('pdf-lib has no assign any more')
  PDFContext.prototype.assign = function (ref, object) {
    look(this, ref, object)
    Reflect.apply(assign, this, [ref, object])
  }
  return () => void Object.defineProperty(PDFContext.prototype, 'assign', original)
}

/** Notes names as they are read, since of two entries with one key a dictionary keeps the last, and other readers the first. */
function watchNames({ PDFName }: typeof PdfLib) {
  const { of } = PDFName
  let read = new Map<PdfLib.PDFName, number>()
  PDFName.of = name => {
    const made = of(name)
    read.set(made, (read.get(made) ?? 0) + 1)
    return made
  }
  return {
    sinceLast() {
      const names = read
      read = new Map()
      return names
    },
    end: () => void (PDFName.of = of),
  }
}

/** The parser has no public way to ask where it is, hence `Reflect`. */
function watchHeaders({ PDFParser }: typeof PdfLib, of: (context: object) => Sighting): () => void {
  const parse: unknown = Reflect.get(PDFParser.prototype, 'parseIndirectObject')
  if (typeof parse !== 'function') throw new TypeError('pdf-lib has no parseIndirectObject any more')
  Reflect.set(PDFParser.prototype, 'parseIndirectObject', async function (this: object) {
    const bytes: unknown = Reflect.get(this, 'bytes')
    const context: unknown = Reflect.get(this, 'context')
    if (!(bytes instanceof Object) || !(context instanceof Object)) throw new TypeError('pdf-lib reads otherwise now')
    const start = Number(Reflect.apply(Reflect.get(bytes, 'offset'), bytes, []))
    const ref: unknown = await Reflect.apply(parse, this, [])
    of(context).headers.add(start)
    return ref
  })
  return () => void Reflect.set(PDFParser.prototype, 'parseIndirectObject', parse)
}
