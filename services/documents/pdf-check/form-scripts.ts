import type * as PdfLib from '@cantoo/pdf-lib'

/** Whether a form in XML (XFA), which some viewers run, brings a script along. Without one it is an ordinary form. */
export function hasFormScript(pdfLib: typeof PdfLib, context: PdfLib.PDFContext): boolean {
  const key = pdfLib.PDFName.of('XFA')
  const dictionaries = context.enumerateIndirectObjects().flatMap(([, object]) => withNested(object))
  return dictionaries.some(dictionary => dictionary.has(key) && hasScript(dictionary.lookup(key)))

  function withNested(object: PdfLib.PDFObject): PdfLib.PDFDict[] {
    if (!(object instanceof pdfLib.PDFDict)) return []
    const nested = object.values().filter(value => value instanceof pdfLib.PDFDict)
    nested.push(object)
    return nested
  }

  function hasScript(form: PdfLib.PDFObject | undefined): boolean {
    if (form instanceof pdfLib.PDFArray) return form.asArray().some(part => hasScript(context.lookup(part)))
    if (!(form instanceof pdfLib.PDFRawStream)) return false
    // Without the zeros of a wide encoding.
    const xml = Buffer.from(pdfLib.decodePDFRawStream(form).decode()).toString('latin1').replaceAll('\0', '')
    return /<script|:script|<!ENTITY/.test(xml)
  }
}
