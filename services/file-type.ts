/** What a file that is not a PDF turns out to be, as far as it changes what its owner should do. */
export type FileType = 'photo' | 'office' | 'archive'

/** Bytes needed from the start of a file to name it. */
export const HEAD_BYTES = 4096

/** A byte order mark and blanks before the header are a scanner's habit; anything else there makes it two files in one. */
const PDF_HEADER = /^(?:\xef\xbb\xbf)?[\s\0]{0,1024}%PDF-[12]\.\d/

/** Written out as hex, two digits for each byte, since most of them are no characters. */
const SIGNATURES: readonly (readonly [RegExp, FileType])[] = [
  [/^ffd8ff/, 'photo'], // JPEG
  [/^89504e470d0a1a0a/, 'photo'], // PNG
  [/^47494638(?:37|39)61/, 'photo'], // GIF
  [/^424d.{16}0000/, 'photo'], // BMP
  [/^(?:49492a00|4d4d002a)/, 'photo'], // TIFF
  [/^52494646.{8}57454250/, 'photo'], // WebP
  [/^.{8}66747970(?:686569|686576|6d696631|6d736631|61766966)/, 'photo'], // HEIC, the iPhone's own, and its kin
  [/^d0cf11e0a1b11ae1/, 'office'], // .doc, .xls, .ppt
  [/^7b5c727466/, 'office'], // RTF
  [/^504b0304/, 'archive'], // ZIP
  [/^504b0506/, 'archive'], // an empty ZIP
  [/^526172211a07/, 'archive'], // RAR
  [/^377abcaf271c/, 'archive'], // 7-Zip
]

/** Names of entries at the beginning of a ZIP that make it a .docx, an .xlsx, an .odt and so on. */
const OFFICE_ENTRY = /\[Content_Types\]\.xml|_rels\/|mimetypeapplication\/vnd\.oasis/

/** @param head the first {@link HEAD_BYTES} of a file, or all of it when it is shorter */
export function isPdf(head: Uint8Array): boolean {
  return PDF_HEADER.test(textOf(head, 'latin1'))
}

/** @param head as in {@link isPdf}. The name of the file plays no part: a photo called `.pdf` is a photo. */
export function fileTypeOf(head: Uint8Array): FileType | undefined {
  const hex = textOf(head, 'hex')
  const type = SIGNATURES.find(([signature]) => signature.test(hex))?.[1]
  return type === 'archive' && OFFICE_ENTRY.test(textOf(head, 'latin1')) ? 'office' : type
}

// Without Node's Buffer: the page reads the beginning of a file with this, too.
function textOf(head: Uint8Array, encoding: 'hex' | 'latin1'): string {
  const bytes = Array.from(head.subarray(0, HEAD_BYTES))
  if (encoding === 'latin1') return bytes.map(byte => String.fromCharCode(byte)).join('')
  return bytes.map(byte => byte.toString(16).padStart(2, '0')).join('')
}
