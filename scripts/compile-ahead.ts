/*
 * Loads what a server loads, without running it, so that Node keeps it compiled (`composition/compile-cache.js`): for an
 * image, in which nothing can be written later. The cache is that of the account that runs this.
 */
import { readdirSync } from 'node:fs'

const dist = new URL('../dist/', import.meta.url)
const parts = readdirSync(dist).filter(file => file.endsWith('.mjs') && file !== 'main.mjs')
await Promise.all(parts.map(part => import(new URL(part, dist).href)))
process.exit(0)
