import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const schema = z.object({ scripts: z.object({ serve: z.string() }) })
const manifest = new URL('../../package.json', import.meta.url)
const build = fileURLToPath(new URL('../../scripts/build-server.ts', import.meta.url))
let isBuilt = false

/** What Node is given to serve as `npm run serve` does, once that is made of the sources as they are now. */
export function serveArguments(): string[] {
  if (!isBuilt) execFileSync(process.execPath, [build], { stdio: 'ignore' })
  isBuilt = true
  const { serve } = schema.parse(JSON.parse(readFileSync(manifest, 'utf8'))).scripts
  return serve.split(' ').slice(1)
}
