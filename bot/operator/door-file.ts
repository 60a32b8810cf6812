import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Where the running server listens for commands, and the secret by which both sides know each other. */
const doorFile = z.object({ path: z.string().min(1).max(1_000), secret: z.base64url().min(43) })
export type DoorFile = z.infer<typeof doorFile>

const pathIn = (dataDir: string) => join(dataDir, 'operator.json')

/** Whoever may read it may run commands: the owner of the data folder. */
export async function writeDoorFile(dataDir: string, door: DoorFile): Promise<void> {
  const path = pathIn(dataDir)
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(JSON.stringify(door))
  } finally {
    await file.close()
  }
  await rename(draft, path)
}

/** @returns undefined when there is none, or none that can be read as one */
export async function readDoorFile(dataDir: string): Promise<DoorFile | undefined> {
  const text = await readFile(pathIn(dataDir), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return doorFile.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

export async function removeDoorFile(dataDir: string): Promise<void> {
  await rm(pathIn(dataDir), { force: true })
}
