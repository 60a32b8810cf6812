/** What a file that is not a PDF turns out to be, as far as it helps to say what to do. */
export type FileType =
  | 'jpeg'
  | 'png'
  | 'gif'
  | 'bmp'
  | 'tiff'
  | 'webp'
  | 'heic'
  | 'word'
  | 'excel'
  | 'powerpoint'
  | 'office'
  | 'openDocument'
  | 'zip'
  | 'rar'
  | '7z'
  | 'rtf'
  | 'html'
  | 'program'
  | 'video'
  | 'audio'

/** Bytes needed from the start of a file to name it. */
export const HEAD_BYTES = 4096

/** A byte order mark and blanks before the header are a scanner's habit; anything else there makes it two files in one. */
const pdfHeader = /^(?:\xef\xbb\xbf|[\s\0]){0,1024}%PDF-[12]\.\d/

const signatures: readonly (readonly [RegExp, FileType])[] = [
  [/^\xff\xd8\xff/, 'jpeg'],
  [/^\x89PNG\r\n\x1a\n/, 'png'],
  [/^GIF8[79]a/, 'gif'],
  [/^BM[^]{8}\0/, 'bmp'],
  [/^(?:II\*\0|MM\0\*)/, 'tiff'],
  [/^RIFF[^]{4}WEBP/, 'webp'],
  [/^RIFF[^]{4}WAVE/, 'audio'],
  [/^RIFF[^]{4}AVI /, 'video'],
  [/^[^]{4}ftyp(?:hei|hev|mif1|msf1|avif)/, 'heic'],
  [/^[^]{4}ftypM4A/, 'audio'],
  [/^[^]{4}ftyp/, 'video'],
  [/^\x1aE\xdf\xa3/, 'video'],
  [/^(?:ID3|\xff[\xfb\xf3\xf2]|OggS|fLaC)/, 'audio'],
  [/^PK\x03\x04[^]*?mimetypeapplication\/vnd\.oasis\.opendocument/, 'openDocument'],
  [/^PK\x03\x04[^]*?word\//, 'word'],
  [/^PK\x03\x04[^]*?xl\//, 'excel'],
  [/^PK\x03\x04[^]*?ppt\//, 'powerpoint'],
  [/^PK\x03\x04[^]*?\[Content_Types\]\.xml/, 'office'],
  [/^PK(?:\x03\x04|\x05\x06)/, 'zip'],
  [/^Rar!\x1a\x07/, 'rar'],
  [/^7z\xbc\xaf\x27\x1c/, '7z'],
  [/^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, 'office'],
  [/^\{\\rtf/, 'rtf'],
  [/^(?:MZ|\x7fELF|\xcf\xfa\xed\xfe|#!)/, 'program'],
  [/^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)/i, 'html'],
]

/** @param head the first {@link HEAD_BYTES} of a file, or all of it when it is shorter */
export function isPdf(head: Uint8Array): boolean {
  return pdfHeader.test(asText(head))
}

/** @param head as in {@link isPdf}. The name of the file plays no part: it says what one would like. */
export function fileTypeOf(head: Uint8Array): FileType | undefined {
  const text = asText(head)
  return signatures.find(([signature]) => signature.test(text))?.[1]
}

/** One character for each byte. */
function asText(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEAD_BYTES)).toString('latin1')
}
