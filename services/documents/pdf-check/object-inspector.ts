import type * as PdfLib from '@cantoo/pdf-lib'
import type { Finding } from './finding.ts'
import { MAX_DEPTH } from './limits.ts'

/** How often each name was read. */
export type NameCounts = ReadonlyMap<PdfLib.PDFName, number>

/**
 * Tells what is wrong with one object and with all that is nested in it, as far as it needs no other object for that.
 * @param names every name that was read for it
 */
export type ObjectInspector = (object: PdfLib.PDFObject, names: NameCounts) => ReadonlySet<Finding>

export function createObjectInspector({ PDFArray, PDFDict, PDFName, PDFStream }: typeof PdfLib): ObjectInspector {
  const [launch, script, js] = [PDFName.of('Launch'), PDFName.of('JavaScript'), PDFName.of('JS')]
  const [s, type, file] = [PDFName.of('S'), PDFName.of('Type'), PDFName.of('F')]
  const [store, count, first] = [PDFName.of('ObjStm'), PDFName.of('N'), PDFName.of('First')]
  const needsRendering = PDFName.of('NeedsRendering')
  // The script that a 3D stream runs as soon as it is shown.
  const onInstantiate = PDFName.of('OnInstantiate')
  const elsewhere = ['EF', 'EmbeddedFile', 'GoToR', 'GoToE', 'ImportData', 'SubmitForm', 'URI']
  const telling = [js, script, launch, onInstantiate, ...elsewhere.map(name => PDFName.of(name))]

  function inspectDictionary(dictionary: PdfLib.PDFDict, findings: Set<Finding>): void {
    if (dictionary.has(onInstantiate) || dictionary.get(s) === launch) findings.add('active')
    // A form that is drawn by a program: its pages say nothing but "please wait".
    if (String(dictionary.get(needsRendering)) === 'true') findings.add('active')
  }

  function inspectStream({ dict }: PdfLib.PDFStream, findings: Set<Finding>): void {
    // Its bytes lie in another file, or at an address.
    if (dict.has(file)) findings.add('active')
    // Some readers take any stream with these two entries for a store of objects; pdf-lib, only one that says so.
    if (dict.has(count) && dict.has(first) && dict.get(type) !== store) findings.add('damaged')
  }

  return function inspect(object, names) {
    const findings = new Set<Finding>()
    const seen = new Map<PdfLib.PDFObject, number>()
    if (object === launch || object === script) findings.add('active')
    const pending = [{ object, depth: 0 }]
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (next.depth > MAX_DEPTH) return findings.add('tooComplex')
      const inner = next.object instanceof PDFStream ? next.object.dict : next.object
      if (next.object instanceof PDFStream) inspectStream(next.object, findings)
      if (inner instanceof PDFDict) inspectDictionary(inner, findings)
      const children =
        inner instanceof PDFDict ? inner.entries().flat() : inner instanceof PDFArray ? inner.asArray() : []
      if (inner instanceof PDFName) seen.set(inner, (seen.get(inner) ?? 0) + 1)
      for (const child of children) pending.push({ object: child, depth: next.depth + 1 })
    }
    // Read, and no longer there: written over by a second entry of the same key.
    if (telling.some(name => (names.get(name) ?? 0) > (seen.get(name) ?? 0))) findings.add('active')
    return findings
  }
}
