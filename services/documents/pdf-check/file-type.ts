/** What a file that is not a PDF turns out to be, as far as it changes what its owner should do. */
export type FileType = 'photo' | 'office' | 'archive'

/** Bytes needed from the start of a file to name it. */
export const HEAD_BYTES = 4096

/** A byte order mark and blanks before the header are a scanner's habit; anything else there makes it two files in one. */
const PDF_HEADER = /^(?:\xef\xbb\xbf)?[\s\0]{0,1024}%PDF-[12]\.\d/

const SIGNATURES: readonly (readonly [RegExp, FileType])[] = [
  [/^\xff\xd8\xff/, 'photo'], // JPEG
  [/^\x89PNG\r\n\x1a\n/, 'photo'],
  [/^GIF8[79]a/, 'photo'],
  [/^BM.{8}\0\0/s, 'photo'], // BMP
  [/^(?:II\*\0|MM\0\*)/, 'photo'], // TIFF
  [/^RIFF.{4}WEBP/s, 'photo'],
  [/^.{4}ftyp(?:hei|hev|mif1|msf1|avif)/s, 'photo'], // HEIC, the iPhone's own, and its kin
  [/^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, 'office'], // .doc, .xls, .ppt
  [/^\{\\rtf/, 'office'],
  [/^PK\x03\x04.*?(?:\[Content_Types\]\.xml|_rels\/|mimetypeapplication\/vnd\.oasis)/s, 'office'],
  [/^PK(?:\x03\x04|\x05\x06)/, 'archive'],
  [/^Rar!\x1a\x07/, 'archive'],
  [/^7z\xbc\xaf\x27\x1c/, 'archive'],
]

/** @param head the first {@link HEAD_BYTES} of a file, or all of it when it is shorter */
export function isPdf(head: Uint8Array): boolean {
  return PDF_HEADER.test(asText(head))
}

/** @param head as in {@link isPdf}. The name of the file plays no part: a photo called `.pdf` is a photo. */
export function fileTypeOf(head: Uint8Array): FileType | undefined {
  const text = asText(head)
  return SIGNATURES.find(([signature]) => signature.test(text))?.[1]
}

/** One character for each byte. */
function asText(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEAD_BYTES)).toString('latin1')
}
