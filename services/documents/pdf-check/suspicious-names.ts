import type { Finding } from './finding.ts'

const names = /\/(?:(JS|JavaScript|Launch|OnInstantiate)|(EF|EmbeddedFile)|(ObjStm))(?![^\s/<>[\](){}%])/g
const automatic = /\/(?:OpenAction|AA)(?![^\s/<>[\](){}%])/
const leadingElsewhere = /\/(?:GoToR|GoToE|ImportData|SubmitForm|URI)(?![^\s/<>[\](){}%])/

/**
 * What the raw text of an object that could not be read may hide. A store of objects that does not open is damage: what
 * is in it cannot be known.
 */
export function suspiciousNames(bytes: Uint8Array): Finding[] {
  const findings = new Set<Finding>()
  const text = unescapeNames(Buffer.from(bytes).toString('latin1'))
  for (const [, action, file, store] of text.matchAll(names)) {
    if (action) findings.add('active')
    if (file) findings.add('attachments')
    if (store) findings.add('damaged')
  }
  if (automatic.test(text) && leadingElsewhere.test(text)) findings.add('active')
  return [...findings]
}

/** In a name, `#4A` stands for the letter J. */
function unescapeNames(text: string): string {
  return text.replace(/#([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
