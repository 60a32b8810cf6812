import { deflateSync } from 'node:zlib'
import { PDFDocument } from '@cantoo/pdf-lib'

/**
 * PDFs as members send them, and as nobody should, each made from nothing so that a test can say what is in it. An
 * object's number is its place in the list, from 1.
 */
export type PdfObject = string | { readonly dictionary: string; readonly stream: Uint8Array }

/** Lays objects out with a table of contents; the catalog is object 1. */
export function pdfOf(objects: readonly PdfObject[], { trailer = '' } = {}): Buffer {
  const { parts, offsets, size } = layOut(objects)
  const entries = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const count = objects.length + 1
  const end = `trailer\n<< /Size ${count} /Root 1 0 R ${trailer} >>\nstartxref\n${size}\n%%EOF\n`
  return Buffer.concat([...parts, Buffer.from(`xref\n0 ${count}\n0000000000 65535 f \n${entries}${end}`)])
}

function layOut(objects: readonly PdfObject[]) {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')]
  const offsets: number[] = []
  let size = 9
  objects.forEach((object, index) => {
    offsets.push(size)
    const part = indirect(index + 1, object)
    parts.push(part)
    size += part.length
  })
  return { parts, offsets, size }
}

function indirect(number: number, object: PdfObject): Buffer {
  return Buffer.concat([Buffer.from(`${number} 0 obj\n`), bodyOf(object), Buffer.from('\nendobj\n')])
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

/** How a store of objects and its table of contents may differ from what they should be. */
export interface StoreChanges {
  readonly catalog?: string
  readonly fold?: (plain: Buffer) => Uint8Array
  readonly filter?: string
  /** Further objects, numbered from 5; nothing in the table of contents leads to them. */
  readonly more?: readonly PdfObject[]
  /** Objects that the store says it holds. */
  readonly claimed?: number
  /** Entries that the table of contents says it has. */
  readonly size?: number
}

/** Objects kept in a folded store, as most writers of today do; they have the numbers from 10 on, the store number 4. */
export function objectStreamPdf(stored: readonly string[], changes: StoreChanges = {}): Buffer {
  const { catalog = '', fold = deflateSync, filter = '/FlateDecode', claimed = stored.length } = changes
  let at = 0
  const head = stored.map((object, index) => `${index + 10} ${(at += object.length + 1) - object.length - 1} `).join('')
  const stream = fold(Buffer.from(`${head}${stored.join(' ')} `, 'latin1'))
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
    page,
    { dictionary: `/Type /ObjStm /N ${claimed} /First ${head.length} /Filter ${filter}`, stream },
    ...(changes.more ?? []),
  ]
  const { parts, offsets, size } = layOut(objects)
  const rows = [
    [0, 0, 0],
    ...[...offsets, size].map(offset => [1, offset, 0]),
    ...stored.map((_, index) => [2, 4, index]),
  ]
  const table = Buffer.concat(
    rows.map(([kind = 0, a = 0, b = 0]) => Buffer.from([kind, a >>> 24, a >>> 16, a >>> 8, a, b])),
  )
  const claimedSize = changes.size ?? 10 + stored.length
  const index = changes.size ? `[0 ${changes.size}]` : `[0 ${objects.length + 2} 10 ${stored.length}]`
  const dictionary = `/Type /XRef /W [1 4 1] /Size ${claimedSize} /Index ${index} /Root 1 0 R`
  return Buffer.concat([
    ...parts,
    indirect(objects.length + 1, { dictionary, stream: table }),
    Buffer.from(`startxref\n${size}\n%%EOF\n`),
  ])
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
