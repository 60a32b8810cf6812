import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PLAIN_MARK } from './requests.ts'

/** Files under a folder that hold a plain copy of what was sent. */
export async function plainFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const found: string[] = []
  for (const file of files) if ((await readFile(file)).includes(PLAIN_MARK)) found.push(file)
  return found
}
