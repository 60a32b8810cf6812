import type * as PdfLib from '@cantoo/pdf-lib'
import type { Finding } from './finding.ts'
import { MAX_DEPTH } from './limits.ts'

/**
 * Tells what is wrong with one object and with all that is nested in it; references are not followed, since every object
 * is looked at by itself.
 * @param names every name that was read for it
 */
export type ObjectInspector = (object: PdfLib.PDFObject, names: ReadonlySet<PdfLib.PDFName>) => ReadonlySet<Finding>

export function createObjectInspector({ PDFArray, PDFDict, PDFName, PDFStream }: typeof PdfLib): ObjectInspector {
  const actions = ['JavaScript', 'Launch'].map(name => PDFName.of(name))
  const [js, s, ef, type] = [PDFName.of('JS'), PDFName.of('S'), PDFName.of('EF'), PDFName.of('Type')]
  const [embedded, store, count, first] = ['EmbeddedFile', 'ObjStm', 'N', 'First'].map(name => PDFName.of(name))
  // The script that a 3D stream runs as soon as it is shown.
  const onInstantiate = PDFName.of('OnInstantiate')
  const telling = [js, ef, onInstantiate, ...actions]

  function inspectDictionary(dictionary: PdfLib.PDFDict, findings: Set<Finding>): void {
    if (dictionary.has(js) || dictionary.has(onInstantiate) || isAction(dictionary.get(s))) findings.add('active')
    if (dictionary.has(ef) || dictionary.get(type) === embedded) findings.add('attachments')
    // A form that is drawn by a program: its pages say nothing but "please wait".
    if (String(dictionary.get(PDFName.of('NeedsRendering'))) === 'true') findings.add('active')
  }

  /** Some readers take any stream with these two entries for a store of objects; pdf-lib, only one that says so. */
  function isDisguisedStore(dictionary: PdfLib.PDFDict): boolean {
    return Boolean(count && first && dictionary.has(count) && dictionary.has(first)) && dictionary.get(type) !== store
  }

  const isAction = (value: PdfLib.PDFObject | undefined) => actions.some(action => action === value)

  return function inspect(object, names) {
    const findings = new Set<Finding>()
    const seen = new Set<PdfLib.PDFObject>()
    if (isAction(object)) findings.add('active')
    const pending = [{ object, depth: 0 }]
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (next.depth > MAX_DEPTH) return findings.add('tooComplex')
      const inner = next.object instanceof PDFStream ? next.object.dict : next.object
      if (inner !== next.object && inner instanceof PDFDict && isDisguisedStore(inner)) findings.add('damaged')
      if (inner instanceof PDFDict) inspectDictionary(inner, findings)
      const children =
        inner instanceof PDFDict ? inner.entries().flat() : inner instanceof PDFArray ? inner.asArray() : []
      seen.add(inner)
      for (const child of children) pending.push({ object: child, depth: next.depth + 1 })
    }
    // Read, and no longer there: written over by a second entry of the same key.
    if (telling.some(name => names.has(name) && !seen.has(name))) findings.add('active')
    return findings
  }
}
