import { readFileSync } from 'node:fs'

const SAMPLE_MS = 20

/**
 * Calls `onExceeded` when a process holds more memory than it may. Its heap has a limit of its own, but buffers do not
 * count there.
 * @returns a function that ends the watch
 */
export function watchMemory(pid: number, limitMiB: number, onExceeded: () => void): () => void {
  const timer = setInterval(() => {
    if (residentMiB(pid) > limitMiB) onExceeded()
  }, SAMPLE_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** 0 for a process that is gone, and where there is no /proc: there, heap and time are the limits. */
export function residentMiB(pid: number): number {
  try {
    const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
    return Number(kibibytes ?? 0) / 1024
  } catch {
    return 0
  }
}
