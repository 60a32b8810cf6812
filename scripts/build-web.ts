/*
 * Builds web/dist when it is stale: `node scripts/build-web.ts`.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { buildWhenStale, filesUnder } from './building/stale-build.ts'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const compressible = /\.(js|css|html|svg|json|txt)$/

async function sources(): Promise<string[]> {
  const web = (await filesUnder(join(root, 'web'))).filter(file => !/\/web\/dist[^/]*\//.test(file))
  const words = (await filesUnder(join(root, 'locales'))).filter(file => file.endsWith('web.json'))
  const alone = ['package-lock.json', 'scripts/build-web.ts', 'services/language.ts'].map(file => join(root, file))
  return [...web, ...words, ...alone]
}

/** Compressed once here, so that the server never spends a member's waiting time on it. */
async function precompress(folder: string): Promise<void> {
  const files = (await filesUnder(folder)).filter(file => compressible.test(file))
  for (const file of files) {
    const plain = await readFile(file)
    const quality = {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
    }
    await writeFile(`${file}.br`, await promisify(brotliCompress)(plain, quality))
    await writeFile(`${file}.gz`, await promisify(gzip)(plain, { level: 9 }))
  }
}

await buildWhenStale({
  name: 'web part',
  root,
  dist: 'web/dist',
  sources,
  async make(folder) {
    const { buildWeb } = await import('../web/bundle/web-build.ts')
    await buildWeb(root, folder)
    await precompress(folder)
  },
})
