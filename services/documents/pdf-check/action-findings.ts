import type * as PdfLib from '@cantoo/pdf-lib'
import { findActionPlaces, type Role } from './action-places.ts'
import type { Finding } from './finding.ts'
import { walkPlaces, type Versions } from './object-places.ts'
import { isStockScript, MAX_SCRIPT_LENGTH } from './stock-calls.ts'

/** Actions that lead out of the file. Whoever presses a link knows that; nobody has pressed what runs by itself. */
const LEADING_ELSEWHERE: ReadonlySet<string> = new Set(['/GoToR', '/GoToE', '/ImportData', '/SubmitForm', '/URI'])

/** What actions do that a file of papers needs not: scripts other than a form's stock calls, and ways out by themselves. */
export function actionFindings(pdfLib: typeof PdfLib, versions: Versions): ReadonlySet<Finding> {
  const { PDFDict, PDFHexString, PDFName, PDFRawStream, PDFRef, PDFStream, PDFString } = pdfLib
  const [s, js] = [PDFName.of('S'), PDFName.of('JS')]
  const roleOf = findActionPlaces(pdfLib, versions)
  const findings = new Set<Finding>()

  const valuesOf = (value: PdfLib.PDFObject | undefined): readonly PdfLib.PDFObject[] =>
    value instanceof PDFRef ? (versions.get(value) ?? []) : value ? [value] : []

  function textOf(code: PdfLib.PDFObject): string | undefined {
    if (code instanceof PDFString || code instanceof PDFHexString) return code.decodeText()
    if (!(code instanceof PDFRawStream)) return undefined
    const bytes = Buffer.from(pdfLib.decodePDFRawStream(code).getBytes(2 * MAX_SCRIPT_LENGTH + 2))
    return PDFHexString.of(bytes.toString('hex')).decodeText()
  }

  function isStock(action: PdfLib.PDFDict): boolean {
    const codes = valuesOf(action.get(js)).map(textOf)
    return codes.length > 0 && codes.every(code => code !== undefined && isStockScript(code))
  }

  function judge(action: PdfLib.PDFDict, { isOfField, isAutomatic }: Role): void {
    const kinds = valuesOf(action.get(s)).map(String)
    const isScript = action.has(js) || kinds.includes('/JavaScript')
    const isPlainScript = isScript && kinds.every(kind => kind === '/JavaScript') && kinds.length > 0
    if (isScript && !(isPlainScript && isOfField && isStock(action))) findings.add('active')
    if (isAutomatic && kinds.some(kind => LEADING_ELSEWHERE.has(kind))) findings.add('active')
  }

  walkPlaces(pdfLib, versions, (value, place) => {
    if (value instanceof PDFDict && (value.has(s) || value.has(js))) judge(value, roleOf(place))
    if (value instanceof PDFStream && value.dict.has(js)) findings.add('active')
  })
  return findings
}
