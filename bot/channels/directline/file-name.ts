import { storable } from '../../../services/conversations/clean-text.ts'
import { hideRibs } from '../../../services/members/rib-search.ts'
import { FILE_NAME_LIMIT } from './limits.ts'

/** Controls, marks of direction, zero-width and other invisible characters: in a name they only deceive. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu
const stackedMarks = /(\p{M}{2})\p{M}+/gu
const pathPart = /^.*[/\\]/su

const unnamed = 'document'

/** A file's name as it may be shown and stored: one line, its own direction, no path, its extension kept when cut. */
export function cleanFileName(name: string | undefined): string {
  const visible = storable((name ?? '').slice(-4 * FILE_NAME_LIMIT))
    .replace(pathPart, '')
    .replace(invisible, '')
    .normalize('NFC')
    .replace(stackedMarks, '$1')
    .replace(/\s+/gu, ' ')
    .trim()
  // Before it is cut, which could leave the half of one.
  const cut = cutKeepingExtension(hideRibs(visible))
  return cut === '' || /^\.+$/.test(cut) ? unnamed : cut
}

function cutKeepingExtension(name: string): string {
  if (name.length <= FILE_NAME_LIMIT) return name
  const extension = /\.[\p{L}\p{N}]{1,8}$/u.exec(name)?.[0] ?? ''
  return storable(name.slice(0, FILE_NAME_LIMIT - extension.length - 1)) + '…' + extension
}

/** RFC 6266: an ASCII name for old readers, the true one in UTF-8. */
export function attachmentDisposition(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const utf8 = encodeURIComponent(name).replace(/['()*]/g, character => `%${character.charCodeAt(0).toString(16)}`)
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`
}
