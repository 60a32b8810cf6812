import { deflateSync } from 'node:zlib'
import { PDFDocument } from '@cantoo/pdf-lib'

/**
 * PDFs as members send them, and as nobody should, each made from nothing so that a test can say what is in it. An
 * object's number is its place in the list, from 1.
 */
export type PdfObject = string | { readonly dictionary: string; readonly stream: Uint8Array }

/** Lays objects out with a table of contents; the catalog is object 1. */
export function pdfOf(objects: readonly PdfObject[], { trailer = '', header = '%PDF-1.7\n' } = {}): Buffer {
  const parts: Buffer[] = [Buffer.from(header)]
  const offsets: number[] = []
  let size = header.length
  objects.forEach((object, index) => {
    offsets.push(size)
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), bodyOf(object), Buffer.from('\nendobj\n')])
    parts.push(part)
    size += part.length
  })
  const entries = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const count = objects.length + 1
  const end = `trailer\n<< /Size ${count} /Root 1 0 R ${trailer} >>\nstartxref\n${size}\n%%EOF\n`
  return Buffer.concat([...parts, Buffer.from(`xref\n0 ${count}\n0000000000 65535 f \n${entries}${end}`)])
}

function bodyOf(object: PdfObject): Buffer {
  if (typeof object === 'string') return Buffer.from(object, 'latin1')
  const { dictionary, stream } = object
  const head = `<< ${dictionary} /Length ${stream.length} >>\nstream\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), stream, Buffer.from('\nendstream')])
}

const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>'
/** Object 3 and the last page are among them; `more` follow as objects `pages + 3` and on. */
export function pagedPdf(
  pages: number,
  { catalog = '', more = [] as readonly PdfObject[], pageExtra = '' } = {},
): Buffer {
  const kids = Array.from({ length: pages }, (_, index) => `${index + 3} 0 R`).join(' ')
  const leaf = page.replace(' >>', ` ${pageExtra} >>`)
  return pdfOf([
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    `<< /Type /Pages /Count ${pages} /Kids [${kids}] >>`,
    ...Array.from({ length: pages }, () => leaf),
    ...more,
  ])
}

export const plainPdf = (): Buffer => pagedPdf(1)

/** Objects kept in a compressed store, as most writers of today do; object 4 is the store. */
export function objectStreamPdf(
  hidden: readonly string[],
  { catalog = '', filter = deflateSync as (b: Buffer) => Uint8Array } = {},
) {
  let at = 0
  const table = hidden.map((object, index) => {
    const entry = `${index + 10} ${at}`
    at += object.length + 1
    return entry
  })
  const head = `${table.join(' ')} `
  const stream = filter(Buffer.from(`${head}${hidden.join(' ')} `, 'latin1'))
  const dictionary = `/Type /ObjStm /N ${hidden.length} /First ${head.length} /Filter /FlateDecode`
  return crossReferenceStreamPdf(
    [
      `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
      '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
      page,
      { dictionary, stream },
    ],
    { store: 4, count: hidden.length },
  )
}

/** A table of contents that is itself a stream, with `count` objects from number 10 on in the store. */
function crossReferenceStreamPdf(objects: readonly PdfObject[], { store, count }: { store: number; count: number }) {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')]
  const rows: number[][] = [[0, 0, 0]]
  let size = 9
  objects.forEach((object, index) => {
    rows.push([1, size, 0])
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), bodyOf(object), Buffer.from('\nendobj\n')])
    parts.push(part)
    size += part.length
  })
  const own = objects.length + 1
  rows.push([1, size, 0])
  for (let index = 0; index < count; index++) rows.push([2, store, index])
  const stream = Buffer.concat(
    rows.map(([kind = 0, a = 0, b = 0]) => Buffer.from([kind, a >>> 24, a >>> 16, a >>> 8, a, b >>> 8, b])),
  )
  const dictionary = `/Type /XRef /W [1 4 2] /Size ${10 + count} /Index [0 ${own + 1} 10 ${count}] /Root 1 0 R`
  const table = Buffer.concat([
    Buffer.from(`${own} 0 obj\n`),
    bodyOf({ dictionary, stream }),
    Buffer.from('\nendobj\n'),
  ])
  return Buffer.concat([...parts, table, Buffer.from(`startxref\n${size}\n%%EOF\n`)])
}

/** With a password to open it, or only one that forbids to change it (which laboratories do: it opens for all). */
export async function protectedPdf(passwords: { readonly userPassword?: string; readonly ownerPassword: string }) {
  const document = await PDFDocument.create()
  document.addPage([595, 842])
  document.encrypt(passwords)
  return Buffer.from(await document.save({ useObjectStreams: true }))
}

/** A one-page PDF of exactly `size` bytes, most of it an image that does not compress, as scanners make. */
export function scanOfSize(size: number, image: (bytes: number) => Uint8Array): Buffer {
  const make = (bytes: number) =>
    pagedPdf(1, { more: [{ dictionary: '/Type /XObject /Subtype /Image', stream: image(bytes) }] })
  const frame = make(size).length - size
  const made = make(size - frame)
  // The length's own digits may change by one; blanks after the end are no part of the file.
  return Buffer.concat([made, Buffer.alloc(Math.max(0, size - made.length), '\n')]).subarray(0, size)
}
