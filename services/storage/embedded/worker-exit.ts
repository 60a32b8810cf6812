/** Why the worker ended itself, told by its exit code: the only word that surely arrives. */
export const exitCodes = { syncFailed: 71, panicked: 72, noSpace: 73 } as const

export function exitReason(code: number): string {
  if (code === exitCodes.syncFailed) return 'the disk refused a sync'
  if (code === exitCodes.panicked) return 'PostgreSQL panicked'
  if (code === exitCodes.noSpace) return 'no space is left on the disk'
  return `its worker ended with code ${code}`
}
