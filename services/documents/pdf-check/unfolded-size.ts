import type * as PdfLib from '@cantoo/pdf-lib'
import type { Versions } from './object-places.ts'

/** Of a stream that was folded more than once. Nobody gains from that but who hides how much comes of it. */
const MAX_UNFOLDED_BYTES = 32 * 1024 * 1024
const MAX_IMAGE_PIXELS = 200_000_000
const UNFOLDING: ReadonlySet<string> = new Set(['/FlateDecode', '/Fl', '/LZWDecode', '/LZW', '/RunLengthDecode', '/RL'])
const WRITTEN_OUT: ReadonlySet<string> = new Set(['/ASCIIHexDecode', '/AHx', '/ASCII85Decode', '/A85', '/Crypt'])
const LONG_NAMES: Readonly<Record<string, string>> = {
  '/Fl': 'FlateDecode',
  '/LZW': 'LZWDecode',
  '/RL': 'RunLengthDecode',
  '/AHx': 'ASCIIHexDecode',
  '/A85': 'ASCII85Decode',
}

/** Whether a stream, shown by a viewer, would take more memory than a page of papers ever does. Bounded itself. */
export function growsTooLarge(pdfLib: typeof PdfLib, versions: Versions): boolean {
  const { PDFArray, PDFDict, PDFName, PDFNumber, PDFRawStream, PDFRef } = pdfLib
  const [filter, width, height] = [PDFName.of('Filter'), PDFName.of('Width'), PDFName.of('Height')]

  const valuesOf = (value: PdfLib.PDFObject | undefined): readonly PdfLib.PDFObject[] =>
    value instanceof PDFRef ? (versions.get(value) ?? []) : value ? [value] : []
  const greatest = (value: PdfLib.PDFObject | undefined) =>
    Math.max(0, ...valuesOf(value).map(one => (one instanceof PDFNumber ? Math.abs(one.asNumber()) : 0)))

  /** The filters up to the first that makes an image. */
  function foldings(dictionary: PdfLib.PDFDict): string[] {
    const listed = valuesOf(dictionary.get(filter)).flatMap(one => (one instanceof PDFArray ? one.asArray() : [one]))
    const names = listed.flatMap(one => valuesOf(one).map(String))
    const end = names.findIndex(name => !UNFOLDING.has(name) && !WRITTEN_OUT.has(name))
    return end === -1 ? names : names.slice(0, end)
  }

  function unfoldsTooFar(stream: PdfLib.PDFRawStream): boolean {
    const names = foldings(stream.dict)
    if (names.filter(name => UNFOLDING.has(name)).length < 2) return false
    const known = names.filter(name => name !== '/Crypt').map(name => PDFName.of(LONG_NAMES[name] ?? name.slice(1)))
    const dictionary = PDFDict.fromMapWithContext(new Map(), stream.dict.context)
    const filters = PDFArray.withContext(stream.dict.context)
    for (const name of known) filters.push(name)
    dictionary.set(filter, filters)
    const plain = PDFRawStream.of(dictionary, stream.contents, stream.transform)
    try {
      return pdfLib.decodePDFRawStream(plain).getBytes(MAX_UNFOLDED_BYTES + 1).length > MAX_UNFOLDED_BYTES
    } catch {
      // It does not unfold for a viewer either.
      return false
    }
  }

  for (const objects of versions.values())
    for (const object of objects) {
      if (!(object instanceof PDFRawStream)) continue
      if (greatest(object.dict.get(width)) * greatest(object.dict.get(height)) > MAX_IMAGE_PIXELS) return true
      if (unfoldsTooFar(object)) return true
    }
  return false
}
