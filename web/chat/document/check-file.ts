import { formatSize } from '../../words/words.ts'
import type { Words } from '../../words/words.ts'

export const maxFileBytes = 20 * 1024 * 1024

/** One sentence on why these files cannot be sent, or the one file that can. The server judges again, by the content. */
export function checkFiles(files: readonly File[], words: Words): { file: File } | { refused: string } {
  const [file] = files
  if (!file || files.length > 1) return { refused: words.say('widget.fileMultiple') }
  const fileName = file.name
  const isPdf = file.type === 'application/pdf' || (file.type === '' && /\.pdf$/i.test(fileName))
  if (!isPdf) return { refused: words.say('widget.fileNotPdf', { fileName }) }
  if (file.size === 0) return { refused: words.say('widget.fileEmpty', { fileName }) }
  if (file.size <= maxFileBytes) return { file }
  const [size, maxSize] = [formatSize(words, file.size), formatSize(words, maxFileBytes)]
  return { refused: words.say('widget.fileTooLarge', { fileName, size, maxSize }) }
}
