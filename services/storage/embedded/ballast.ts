import { existsSync, rmSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'

/** Bytes. An opening after a fall writes less than that: new segments of the log and a checkpoint. */
const SIZE = 32 * 1024 * 1024

/**
 * A file that only takes space, so that there is some when another program has filled the disk to its last byte: the
 * database cannot even be opened for reading without.
 */
export function createBallast(path: string) {
  let making = false

  async function make(): Promise<void> {
    // Real blocks: of a file with a hole nothing comes back.
    const unfinished = `${path}-unfinished`
    try {
      await writeFile(unfinished, Buffer.alloc(SIZE, 1))
      await rename(unfinished, path)
    } catch {
      await rm(unfinished, { force: true })
    }
  }

  return {
    /** @param spare bytes that nobody needs; without twice its size nothing is set aside */
    keep(spare: number): void {
      if (making || spare < 2 * SIZE || existsSync(path)) return
      making = true
      void make().finally(() => (making = false))
    },
    release: () => rmSync(path, { force: true }),
  }
}
