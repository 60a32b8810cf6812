/*
 * Builds dist, what a server runs, when it is stale: `node scripts/build-server.ts`. A start from the sources
 * finds, opens and links some two thousand files, and takes half as long again.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWhenStale, filesUnder } from './building/stale-build.ts'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const dist = 'dist'
const folders = ['bot', 'composition', 'config', 'dialogs', 'locales', 'services']
const alone = ['main.ts', 'config.ts', 'package-lock.json', 'scripts/building/server-bundle.ts']

await buildWhenStale({
  name: 'server',
  root,
  dist,
  async sources() {
    const found = await Promise.all(folders.map(folder => filesUnder(join(root, folder))))
    return [...found.flat(), ...alone.map(file => join(root, file))]
  },
  async make(folder) {
    const { bundleServer } = await import('./building/server-bundle.ts')
    await bundleServer(root, { dist, outDir: folder })
  },
})
