import { build } from 'vite'
import type { InlineConfig } from 'vite'
import { slimWebChat } from './slim-web-chat.ts'

/** Phones of about 2018 and later, as far as their browsers were kept up to date. */
const target = ['es2020', 'chrome80', 'firefox78', 'safari14']

const shared = (root: string): InlineConfig => ({
  root: `${root}/web`,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  define: {
    'process.env.NODE_ENV': '"production"',
    'process.env.node_env': '"production"',
    'process.env.build_tool': '"vite"',
    'process.env.module_format': '"esmodules"',
    'process.env.npm_package_version': '"4.18.1"',
  },
})

const pages = (root: string, outDir: string): InlineConfig => ({
  ...shared(root),
  plugins: [slimWebChat(`${root}/node_modules`)],
  build: {
    target,
    outDir,
    emptyOutDir: true,
    // Without it Vite would inline small files as data: addresses, which the content security policy refuses for scripts and fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rollupOptions: { input: [`${root}/web/index.html`, `${root}/web/chat.html`, `${root}/web/teams-link.html`] },
  },
})

const launcher = (root: string, outDir: string): InlineConfig => ({
  ...shared(root),
  build: {
    target,
    outDir,
    emptyOutDir: false,
    reportCompressedSize: false,
    lib: {
      entry: `${root}/web/launcher/launcher.ts`,
      formats: ['iife'],
      name: 'Moussaada',
      fileName: () => 'widget.js',
    },
  },
})

/** Builds the pages and the launcher of the project at `root` into `outDir`. */
export async function buildWeb(root: string, outDir: string): Promise<void> {
  await build(pages(root, outDir))
  await build(launcher(root, outDir))
}
