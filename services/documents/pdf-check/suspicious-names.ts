import type { Finding } from './finding.ts'

const names = /\/(?:(JS|JavaScript|Launch|OnInstantiate)|(EF|EmbeddedFile)|(ObjStm))(?![^\s/<>[\](){}%])/g

/**
 * What the raw text of an object that could not be read may hide. A store of objects that does not open is damage: what
 * is in it cannot be known.
 */
export function suspiciousNames(bytes: Uint8Array): Finding[] {
  const findings = new Set<Finding>()
  for (const [, action, file, store] of unescapeNames(Buffer.from(bytes).toString('latin1')).matchAll(names)) {
    if (action) findings.add('active')
    if (file) findings.add('attachments')
    if (store) findings.add('damaged')
  }
  return [...findings]
}

/** In a name, `#4A` stands for the letter J. */
function unescapeNames(text: string): string {
  return text.replace(/#([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
