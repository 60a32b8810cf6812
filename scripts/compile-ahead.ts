/*
 * Loads what a server loads, without running it, so that Node keeps it compiled (`composition/compile-cache.js`): for an
 * image, in which nothing can be written later. The cache is that of the account that runs this.
 */
const loaded = [
  '../composition/start.ts',
  '../bot/stop-on-signal.ts',
  '../bot/watch.ts',
  '../services/keys/keyring.ts',
  '../services/storage/embedded-storage.ts',
  '../services/storage/postgres-storage.ts',
]
await Promise.all(loaded.map(path => import(path)))
process.exit(0)
