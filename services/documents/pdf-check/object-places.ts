import type * as PdfLib from '@cantoo/pdf-lib'
import { MAX_DEPTH } from './limits.ts'

/** Every object that was read for a number, also one that a later one replaces: another reader may show that. */
export type Versions = ReadonlyMap<PdfLib.PDFRef, readonly PdfLib.PDFObject[]>

/** Where a value stands within an object that has a number of its own. */
export interface Place {
  readonly owner: PdfLib.PDFRef
  /** From the object inwards: the key in a dictionary, `[]` in an array. Changes as the walk goes on. */
  readonly keys: readonly string[]
  /** The dictionaries around it, the nearest last. Changes as the walk goes on. */
  readonly dictionaries: readonly PdfLib.PDFDict[]
}

type Visit = (value: PdfLib.PDFObject, place: Place) => void

/** Shows every value of every object, references as they are: what they lead to has its own turn. */
export function walkPlaces(pdfLib: typeof PdfLib, versions: Versions, visit: Visit): void {
  const { PDFArray, PDFDict, PDFStream } = pdfLib
  const keys: string[] = []
  const dictionaries: PdfLib.PDFDict[] = []

  function walk(value: PdfLib.PDFObject, owner: PdfLib.PDFRef): void {
    visit(value, { owner, keys, dictionaries })
    // Deeper ones are refused anyway.
    if (keys.length > MAX_DEPTH) return
    const inner = value instanceof PDFStream ? value.dict : value
    if (inner instanceof PDFDict) {
      dictionaries.push(inner)
      for (const [key, child] of inner.entries()) step(key.asString(), child, owner)
      dictionaries.pop()
    } else if (inner instanceof PDFArray) {
      for (const child of inner.asArray()) step('[]', child, owner)
    }
  }

  function step(key: string, child: PdfLib.PDFObject, owner: PdfLib.PDFRef): void {
    keys.push(key)
    walk(child, owner)
    keys.pop()
  }

  for (const [owner, objects] of versions) for (const object of objects) walk(object, owner)
}
