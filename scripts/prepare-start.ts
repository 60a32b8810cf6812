/*
 * What `npm start` makes before it serves, when it is not there: the server, the web part, and an empty database for a
 * first start, side by side.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepareBase } from '../services/storage/embedded/prepared-base.ts'

async function build(program: string): Promise<void> {
  const script = fileURLToPath(new URL(program, import.meta.url))
  const [code]: unknown[] = await once(spawn(process.execPath, [script], { stdio: 'inherit' }), 'exit')
  if (code !== 0) process.exit(1)
}

const { DATABASE_URL, DATA_DIR = './data' } = process.env
const isFirstStart = DATABASE_URL === undefined && !existsSync(join(DATA_DIR, 'database'))
await Promise.all([build('build-server.ts'), build('build-web.ts'), isFirstStart && prepareBase()])
