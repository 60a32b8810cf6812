import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSecretKey } from './keyring.ts'

const fileName = 'secret-key'

/**
 * The secret key of an installation for which none is configured: `DATA_DIR/secret-key`, readable by its owner only,
 * made at the first start. Whoever loses this file loses every document and RIB in that folder.
 *
 * @returns what {@link createKeyring} takes
 */
export async function loadOrCreateSecretKey(dataDir: string): Promise<string> {
  const path = join(dataDir, fileName)
  const known = await readIfThere(path)
  if (known !== undefined) return known.trim()
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await createOnce(dataDir, path)
  return (await readFile(path, 'utf8')).trim()
}

/**
 * Written beside its place and then linked into it: the file is there whole or not at all, and when two processes start
 * at once the first one's key stays (a rename would put the second's over a key already in use).
 */
async function createOnce(dataDir: string, path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    await writeSurely(draft, `${generateSecretKey()}\n`)
    await link(draft, path).catch(unlessCode('EEXIST'))
  } finally {
    await rm(draft, { force: true })
  }
  await syncFolder(dataDir)
}

async function writeSurely(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Without it the name may be lost in a power cut even though the bytes are there. Windows cannot open a folder. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(unlessCode('ENOENT'))
}

function unlessCode(code: string): (error: unknown) => undefined {
  return error => {
    if (error instanceof Error && 'code' in error && error.code === code) return undefined
    throw error
  }
}
