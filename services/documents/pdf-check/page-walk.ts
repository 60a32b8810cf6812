import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type * as PdfJs from 'pdfjs-dist'
import { MAX_PAGES } from './limits.ts'
import type { ChildVerdict } from './verdict.ts'

const locate = createRequire(import.meta.url)
const load = (name: string) => import(pathToFileURL(locate.resolve(`pdfjs-dist/legacy/build/${name}`)).href)
const [pdfJs]: [typeof PdfJs, unknown] = await Promise.all([load('pdf.min.mjs'), load('pdf.worker.min.mjs')])

type Refusal = Extract<ChildVerdict, { ok: false }>
/** `pages` as its own count has it: below 1 where that is wrong. */
type OpenDocument = { ok: true; readonly pages: number; readAll(): Promise<ChildVerdict> } | Refusal

/** Opens the file as a viewer does, repairs included. */
export async function openPages(bytes: Uint8Array): Promise<OpenDocument> {
  const document = await open(bytes)
  if ('reason' in document) return document
  const pages = document.numPages
  if (pages > MAX_PAGES) return { ok: false, reason: 'tooManyPages', pages }
  return { ok: true, pages, readAll: () => readEachPage(document) }
}

async function open(bytes: Uint8Array): Promise<PdfJs.PDFDocumentProxy | Refusal> {
  try {
    return await pdfJs.getDocument({
      data: new Uint8Array(bytes), // a copy, since pdf.js takes the buffer away
      verbosity: 0,
      stopAtErrors: false,
      enableXfa: false,
      useSystemFonts: false,
      useWorkerFetch: false,
      useWasm: false,
      isOffscreenCanvasSupported: false,
      isImageDecoderSupported: false,
    }).promise
  } catch (error) {
    const encrypted = error instanceof Error && error.name === 'PasswordException'
    return { ok: false, reason: encrypted ? 'encrypted' : 'damaged' }
  }
}

async function readEachPage(document: PdfJs.PDFDocumentProxy): Promise<ChildVerdict> {
  try {
    for (let number = 1; number <= document.numPages; number++) (await document.getPage(number)).cleanup()
    return { ok: true, pages: document.numPages }
  } catch {
    return { ok: false, reason: 'damaged' }
  }
}
