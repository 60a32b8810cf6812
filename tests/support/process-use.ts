import { readFileSync } from 'node:fs'
import { residentMiB } from '../../services/documents/pdf-check/watch-memory.ts'

/** Clock ticks in a second, as `getconf CLK_TCK` says on every Linux of today. */
const TICKS = 100

/** Looks at a process every few milliseconds and keeps the most that it used. */
export function watchUse(pid: number) {
  let memory = 0
  let cpu = 0
  const timer = setInterval(() => {
    memory = Math.max(memory, residentMiB(pid))
    cpu = Math.max(cpu, cpuSeconds(pid))
  }, 5)
  return { memoryMiB: () => memory, cpuSeconds: () => cpu, end: () => clearInterval(timer) }
}

function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  } catch {
    return 0
  }
}
