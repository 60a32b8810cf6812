/*
 * Loaded before anything else (`node --import`), and no TypeScript: what this switches on also keeps TypeScript without its
 * types, so that a start need not load what takes them off. Kept where the code itself lies: nobody else can write there.
 * Where it cannot be written a start is slower.
 */
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)))
