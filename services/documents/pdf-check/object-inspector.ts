import type * as PdfLib from '@cantoo/pdf-lib'
import { MAX_DEPTH } from './limits.ts'
import { suspiciousNames } from './suspicious-names.ts'

export type Finding = 'active' | 'attachments' | 'tooComplex' | 'damaged'

/**
 * @returns a function that tells what is wrong with one object and with all that is nested in it; references are not
 *   followed, since every object is looked at by itself
 */
export function createObjectInspector(pdfLib: typeof PdfLib): (object: PdfLib.PDFObject) => Finding[] {
  const { PDFArray, PDFDict, PDFInvalidObject, PDFName, PDFStream } = pdfLib

  return function inspect(object) {
    const findings = new Set<Finding>()
    if (object instanceof PDFName && isAction(object)) findings.add('active')
    const pending = [{ object, depth: 0 }]
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (next.depth > MAX_DEPTH) return [...findings, 'tooComplex']
      for (const finding of inspectOne(next.object)) findings.add(finding)
      for (const child of childrenOf(next.object)) pending.push({ object: child, depth: next.depth + 1 })
    }
    return [...findings]
  }

  function inspectOne(object: PdfLib.PDFObject): Finding[] {
    if (object instanceof PDFDict) return inspectDictionary(object)
    if (object instanceof PDFStream) return [...inspectDictionary(object.dict), ...inspectStream(object.dict)]
    if (object instanceof PDFInvalidObject) return suspiciousNames(rawBytes(object))
    return []
  }

  function inspectDictionary(dictionary: PdfLib.PDFDict): Finding[] {
    const findings: Finding[] = []
    for (const [key, value] of dictionary.entries()) {
      const name = key.asString()
      if (name === '/JS' || (name === '/S' && isAction(value))) findings.push('active')
      if (name === '/EF' || (name === '/Type' && isName(value, '/EmbeddedFile'))) findings.push('attachments')
      // A form that is drawn by a script: its pages hold nothing but "please wait".
      if (name === '/NeedsRendering' && value.toString() === 'true') findings.push('active')
    }
    return findings
  }

  /** Some readers take any stream with these two entries for a store of objects; pdf-lib, only one that says so. */
  function inspectStream(dictionary: PdfLib.PDFDict): Finding[] {
    const looksLikeStore = dictionary.has(PDFName.of('N')) && dictionary.has(PDFName.of('First'))
    return looksLikeStore && !isName(dictionary.get(PDFName.of('Type')), '/ObjStm') ? ['damaged'] : []
  }

  function childrenOf(object: PdfLib.PDFObject): readonly PdfLib.PDFObject[] {
    if (object instanceof PDFArray) return object.asArray()
    if (object instanceof PDFDict) return object.values()
    return object instanceof PDFStream ? object.dict.values() : []
  }

  function isAction(value: PdfLib.PDFObject): boolean {
    return isName(value, '/JavaScript') || isName(value, '/Launch')
  }

  function isName(value: PdfLib.PDFObject | undefined, name: string): boolean {
    return value instanceof PDFName && value.asString() === name
  }

  function rawBytes(object: PdfLib.PDFInvalidObject): Uint8Array {
    const bytes = new Uint8Array(object.sizeInBytes())
    object.copyBytesInto(bytes, 0)
    return bytes
  }
}
