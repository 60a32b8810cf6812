import type { Finding } from './finding.ts'
import { suspiciousNames } from './suspicious-names.ts'

const header = /(?<![^\s\0%])\d+[\s\0]+\d+[\s\0]+$/
/** An object's numbers stand within this many bytes before the word `obj`. */
const HEADER_BYTES = 64
/** Bytes looked at in all, so that a file made of the word `obj` does not take for ever. */
const BUDGET_BYTES = 64 * 1024 * 1024

/**
 * A table of contents may point into the middle of an image or a comment, where pdf-lib never looks and a viewer would
 * go. So every `1 0 obj` in the file that pdf-lib did not take for an object is looked at as text.
 *
 * @param known where the objects begin that were looked at already
 */
export function hiddenObjects(bytes: Uint8Array, known: ReadonlySet<number>): Finding[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const findings = new Set<Finding>()
  let seen = 0
  for (let at = file.indexOf('obj'); at !== -1; at = file.indexOf('obj', at + 3)) {
    if (!isHidden(file, at, known)) continue
    const end = endOfObject(file, at)
    seen += end - at
    if (seen > BUDGET_BYTES) return ['tooComplex']
    for (const finding of suspiciousNames(file.subarray(at, end))) findings.add(finding)
  }
  return [...findings]
}

function isHidden(file: Buffer, at: number, known: ReadonlySet<number>): boolean {
  const start = Math.max(0, at - HEADER_BYTES)
  const before = file.toString('latin1', start, at)
  const found = header.exec(before)
  return found !== null && !known.has(start + found.index)
}

function endOfObject(file: Buffer, at: number): number {
  const end = file.indexOf('endobj', at)
  return end === -1 ? file.length : end
}
