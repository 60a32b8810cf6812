import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MB = 1024 * 1024

export interface SmallDisk {
  readonly path: string
  /** Bytes. */
  free(): number
  /** Takes space until so many MB are left, as another program does. */
  fill(leaveMB: number): void
  /** Gives back what `fill` took. */
  empty(): void
  close(): void
}

/** A disk of its own in memory. @throws when this machine does not let the test mount one, with the reason */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'moussaada-disk-'))
  execFileSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'pipe' })
  const filler = join(path, 'other-program')
  const free = (): number => {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  }
  return {
    path,
    free,
    fill(leaveMB) {
      for (let round = 0; free() > leaveMB * MB + 4096; round++)
        try {
          writeFileSync(filler, Buffer.alloc(Math.min(free() - leaveMB * MB, 64 * MB)), { flag: 'a' })
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' || round > 100) throw error
        }
    },
    empty: () => rmSync(filler, { force: true }),
    close() {
      execFileSync('/usr/bin/umount', ['-l', path], { stdio: 'pipe' })
      if (existsSync(path)) rmSync(path, { recursive: true })
    },
  }
}
