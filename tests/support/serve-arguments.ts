import { readFileSync } from 'node:fs'
import { z } from 'zod'

const schema = z.object({ scripts: z.object({ serve: z.string() }) })
const manifest = new URL('../../package.json', import.meta.url)

/** What Node is given to serve as `npm run serve` does. */
export function serveArguments(): string[] {
  const { serve } = schema.parse(JSON.parse(readFileSync(manifest, 'utf8'))).scripts
  return serve.split(' ').slice(1)
}
