import type * as PdfLib from '@cantoo/pdf-lib'
import { walkPlaces, type Place, type Versions } from './object-places.ts'

/** When the action at a place runs, as far as it matters here. */
export interface Role {
  /** It formats, checks or adds up what is typed into the field of a form. */
  readonly isOfField: boolean
  /** It runs without anybody having pressed it. */
  readonly isAutomatic: boolean
}

/** Tells the role of a dictionary by where it stands; of one with a number of its own, by everything that refers to it. */
export type RoleOf = (place: Place) => Role

/** Keystroke, format, validate, calculate. */
const FIELD_EVENTS: ReadonlySet<string> = new Set(['/K', '/F', '/V', '/C'])
/** Also the names under which the actions of a page and of a document stand, of which a page has `C` too. */
const NO_FIELDS: ReadonlySet<string> = new Set(['/Page', '/Pages', '/Catalog'])
const NOTHING: Role = { isOfField: false, isAutomatic: false }

export function findActionPlaces(pdfLib: typeof PdfLib, versions: Versions): RoleOf {
  const { PDFName, PDFRef } = pdfLib
  const [type, action] = [PDFName.of('Type'), PDFName.of('S')]
  const additional = new Set<PdfLib.PDFRef>()
  const uses = new Map<PdfLib.PDFRef, { isOfField: boolean; isAutomatic: boolean }>()

  const isOfField = (holder: PdfLib.PDFDict | undefined) => !NO_FIELDS.has(String(holder?.get(type)))

  function roleAt({ owner, keys, dictionaries }: Place): Role {
    const inArray = keys.at(-1) === '[]'
    const key = keys.at(inArray ? -2 : -1) ?? ''
    const isDirect = keys.at(-2) === '/AA'
    if (isDirect || (keys.length === 1 && additional.has(owner))) {
      const mayBeField = !isDirect || isOfField(dictionaries.at(-2))
      return { isOfField: mayBeField && FIELD_EVENTS.has(key), isAutomatic: true }
    }
    const isNext = key === '/Next' && dictionaries.at(-1)?.has(action) === true
    return { isOfField: false, isAutomatic: isNext || (key === '/OpenAction' && !inArray) }
  }

  walkPlaces(pdfLib, versions, (value, { keys }) => {
    if (value instanceof PDFRef && keys.at(-1) === '/AA') additional.add(value)
  })
  walkPlaces(pdfLib, versions, (value, place) => {
    if (!(value instanceof PDFRef)) return
    const role = roleAt(place)
    const known = uses.get(value)
    uses.set(value, {
      isOfField: role.isOfField && known?.isOfField !== false,
      isAutomatic: role.isAutomatic || known?.isAutomatic === true,
    })
  })
  return place => (place.keys.length === 0 ? (uses.get(place.owner) ?? NOTHING) : roleAt(place))
}
