import type * as PdfLib from '@cantoo/pdf-lib'
import { walkPlaces, type Place, type Versions } from './object-places.ts'

/** As Factur-X, ZUGFeRD and XRechnung name the invoice that a program reads. */
const INVOICE_NAMES: ReadonlySet<string> = new Set([
  'factur-x.xml',
  'zugferd-invoice.xml',
  'ZUGFeRD-invoice.xml',
  'xrechnung.xml',
])
/** Of an invoice for a program; those of hospitals are a hundredth. */
const MAX_INVOICE_BYTES = 4 * 1024 * 1024

/** Whether a file holds others that are not the XML of an electronic invoice, whose pages say the same to people. */
export function hasForeignAttachment(pdfLib: typeof PdfLib, versions: Versions): boolean {
  const { PDFArray, PDFDict, PDFHexString, PDFName, PDFRawStream, PDFRef, PDFStream, PDFString } = pdfLib
  const [ef, f, uf, type] = [PDFName.of('EF'), PDFName.of('F'), PDFName.of('UF'), PDFName.of('Type')]
  const embedded = PDFName.of('EmbeddedFile')
  const associated = associatedFiles()
  const invoices = new Set<PdfLib.PDFRef>()
  let isForeign = false

  /** What `AF` lists, in place or by a list of its own. */
  function associatedFiles(): ReadonlySet<PdfLib.PDFRef> {
    const files = new Set<PdfLib.PDFRef>()
    walkPlaces(pdfLib, versions, (value, { keys }) => {
      if (value instanceof PDFRef && isListed(keys)) files.add(value)
    })
    for (const list of [...files].flatMap(file => versions.get(file) ?? []))
      if (list instanceof PDFArray) for (const file of list.asArray()) if (file instanceof PDFRef) files.add(file)
    return files
  }

  const valuesOf = (value: PdfLib.PDFObject | undefined): readonly PdfLib.PDFObject[] =>
    value instanceof PDFRef ? (versions.get(value) ?? []) : value ? [value] : []

  function isInvoice(file: PdfLib.PDFDict, { owner, keys }: Place): boolean {
    const names = [f, uf].flatMap(key => valuesOf(file.get(key)))
    const isNamed = names.every(
      name => (name instanceof PDFString || name instanceof PDFHexString) && INVOICE_NAMES.has(name.decodeText()),
    )
    const isAssociated = keys.length === 0 ? associated.has(owner) : isListed(keys)
    const bodies = valuesOf(file.get(ef)).flatMap(body => (body instanceof PDFDict ? body.values() : []))
    if (names.length === 0 || !isNamed || !isAssociated || bodies.length === 0) return false
    return bodies.every(body => body instanceof PDFRef && isXmlAt(body))
  }

  function isXmlAt(ref: PdfLib.PDFRef): boolean {
    invoices.add(ref)
    const streams = versions.get(ref) ?? []
    return streams.length > 0 && streams.every(stream => stream instanceof PDFRawStream && isXml(stream))
  }

  function isXml(stream: PdfLib.PDFRawStream): boolean {
    const bytes = Buffer.from(pdfLib.decodePDFRawStream(stream).getBytes(MAX_INVOICE_BYTES + 1))
    return bytes.length <= MAX_INVOICE_BYTES && looksLikeXml(bytes)
  }

  const dictionaryOf = (value: PdfLib.PDFObject) => (value instanceof PDFStream ? value.dict : value)

  walkPlaces(pdfLib, versions, (value, place) => {
    const dictionary = dictionaryOf(value)
    if (dictionary instanceof PDFDict && dictionary.has(ef) && !isInvoice(dictionary, place)) isForeign = true
  })
  walkPlaces(pdfLib, versions, (value, { owner }) => {
    const dictionary = dictionaryOf(value)
    if (dictionary instanceof PDFDict && dictionary.get(type) === embedded && !invoices.has(owner)) isForeign = true
  })
  return isForeign
}

const isListed = (keys: readonly string[]): boolean =>
  keys.at(-1) === '/AF' || (keys.at(-1) === '[]' && keys.at(-2) === '/AF')

/** A declaration or an element first, an element's end last, no document type; and no page for a browser. */
function looksLikeXml(bytes: Buffer): boolean {
  const text = bytes
    .toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8')
    .replace(/^\ufeff/, '')
    .trim()
  const isElement =
    /^<(?:\?xml\s[^>]*\?>\s*(?:<!--[^]*?-->\s*)*<)?[A-Za-z_][\w.:-]*[\s/>]/.test(text) && text.endsWith('>')
  return (
    isElement && !/<!DOCTYPE|<!ENTITY|\0/i.test(text) && !/^[^]{0,1024}?<(?:\w+:)?(?:html|svg|script)[\s>]/i.test(text)
  )
}
