const placeholder = /change.?me|replace|example|placeholder|default|password|secret/i
/** Of 44 characters of base64 that are random, this few are different once in more than 10^20 times. */
const DISTINCT = 12

/** Whether a secret is one that somebody typed to fill the field, or copied from an example. */
export function isMadeUp(secret: string | undefined): boolean {
  if (secret === undefined) return false
  // The id in front of a key says nothing of the key.
  const keys = secret.split(',').map(entry => entry.trim().replace(/^[\w-]{1,32}:/, ''))
  return keys.some(key => new Set(key).size < DISTINCT || placeholder.test(key))
}
