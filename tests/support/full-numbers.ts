/**
 * The numbers of docs/reliability.md: `npm run test:faults` shows each in full, every other run a short form.
 * The command finds the files to run by their import of this one.
 */
export const isFull = process.env['NUMBERS'] === 'full'

export function fullOr<T>(full: T, short: T): T {
  return isFull ? full : short
}
