import type * as PdfLib from '@cantoo/pdf-lib'
import { MAX_DEPTH, MAX_PAGES } from './limits.ts'

/** Nodes of a tree that are looked at: more than any tree of so many pages has. */
const MAX_NODES = 100 * MAX_PAGES

/**
 * Counts the pages that hang in the tree of pages, whatever its counts say: a viewer that believes a count of 1 shows one page,
 * another shows them all.
 * @returns Infinity for a tree that is too large or too deep
 */
export function countPages(pdfLib: typeof PdfLib, context: PdfLib.PDFContext): number {
  const { PDFArray, PDFDict, PDFName } = pdfLib
  const [pages, kids, type] = [PDFName.of('Pages'), PDFName.of('Kids'), PDFName.of('Type')]
  let nodes = 0

  function count(node: PdfLib.PDFObject | undefined, depth: number): number {
    if (!(node instanceof PDFDict)) return 0
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) return Infinity
    const children = context.lookup(node.get(kids))
    if (!(children instanceof PDFArray)) return context.lookup(node.get(type)) === pages ? 0 : 1
    let found = 0
    for (const child of children.asArray()) {
      found += count(context.lookup(child), depth + 1)
      if (found > MAX_PAGES) return Infinity
    }
    return found
  }

  const catalog = context.lookup(context.trailerInfo.Root)
  return catalog instanceof PDFDict ? count(context.lookup(catalog.get(pages)), 0) : 0
}
