import { fileTypeOf, HEAD_BYTES, isPdf, type FileType } from '../../../services/file-type.ts'
import { formatSize } from '../../words/words.ts'
import type { Words } from '../../words/words.ts'

export const maxFileBytes = 20 * 1024 * 1024

/** What the file picker offers. Phones know PDFs from mail and messengers under the last names. */
export const pickedTypes = 'application/pdf,.pdf,application/x-pdf,application/octet-stream,application/download'

const notPdf = {
  photo: 'widget.fileNotPdfPhoto',
  office: 'widget.fileNotPdfOffice',
  archive: 'widget.fileNotPdfArchive',
} as const satisfies Record<FileType, string>

type Checked = { readonly file: File } | { readonly refused: string }

/**
 * One sentence on why these files cannot be sent, or the one file that can. A name or the first bytes let a PDF through,
 * whatever the browser calls it; the server judges.
 */
export async function checkFiles(files: readonly File[], words: Words): Promise<Checked> {
  const [file] = files
  if (!file || files.length > 1) return { refused: words.say('widget.fileMultiple') }
  const fileName = file.name
  if (file.size === 0) return { refused: words.say('widget.fileEmpty', { fileName }) }
  const head = await beginningOf(file)
  if (!/\.pdf$/i.test(fileName) && !isPdf(head)) {
    const type = fileTypeOf(head)
    return { refused: words.say(type ? notPdf[type] : 'widget.fileNotPdf', { fileName }) }
  }
  if (file.size <= maxFileBytes) return { file }
  const [size, maxSize] = [formatSize(words, file.size), formatSize(words, maxFileBytes)]
  return { refused: words.say('widget.fileTooLarge', { fileName, size, maxSize }) }
}

/** Nothing of a file that cannot be read here: it may be in a cloud, or gone. */
async function beginningOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(
    await file
      .slice(0, HEAD_BYTES)
      .arrayBuffer()
      .catch(() => new ArrayBuffer(0)),
  )
}
