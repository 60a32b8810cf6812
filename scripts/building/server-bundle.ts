import { join, relative } from 'node:path'
import { build, normalizePath, type Plugin } from 'vite'

/** Loaded by path, or with files of their own beside them. */
const external = ['@electric-sql/pglite', 'pdfjs-dist', '@cantoo/pdf-lib']

const output = {
  entryFileNames: '[name].mjs',
  chunkFileNames: '[name]-[hash].mjs',
  comments: false,
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  sourcemapExcludeSources: true,
} as const

/** A module goes on finding what lies beside its source: migrations, pages, and the programs of child processes. */
function ownPlace(root: string, dist: string): Plugin {
  return {
    name: 'own-place',
    enforce: 'pre',
    transform(code, id) {
      if (!code.includes('import.meta.url') || !id.startsWith(normalizePath(root)) || id.includes('/node_modules/'))
        return null
      const place = normalizePath(relative(join(root, dist), id))
      return { code: code.replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`), map: null }
    },
  }
}

/**
 * Puts `main.ts` and its packages into one file for each part that is loaded by itself. Whitespace goes, since every start
 * reads all of it, and names stay: a fault's log names functions. `scripts/source-places.ts` reads the maps, and Node does
 * not.
 * @param outDir where it is made; it is moved to `dist` beneath the root
 */
export async function bundleServer(root: string, { dist, outDir }: { dist: string; outDir: string }): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [ownPlace(root, dist)],
    ssr: { noExternal: true, external, target: 'node' },
    build: {
      ssr: 'main.ts',
      outDir,
      emptyOutDir: true,
      target: 'node24',
      sourcemap: 'hidden',
      rolldownOptions: { output },
    },
  })
}
