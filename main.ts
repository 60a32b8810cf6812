import { randomUUID } from 'node:crypto'
import { loadConfig, type Config } from './config.ts'

/**
 * What takes long is begun first: the database opens in a thread of its own, at a first start in a process of its own,
 * while this one loads its code.
 */
async function run(config: Config): Promise<void> {
  const { createKeyring } = await import('./services/keys/keyring.ts')
  // Before anything is made on a disk: a key that is no key refuses the start.
  const given = config.secretKey === undefined ? undefined : createKeyring(config.secretKey)
  const { openWatch } = await import('./bot/watch.ts')
  const watch = await openWatch({ logLevel: config.logLevel, ...config.operations, newId: randomUUID })
  const { openStorage } = await import('./services/storage/open-storage.ts')
  const onLeaseLost = () => watch.metrics.leaseLost()
  const opening = openStorage(config.stores, {
    needsRedis: config.production,
    log: watch.log,
    disk: config.disk,
    onLeaseLost,
  })
  opening.catch(() => undefined)
  try {
    const { start } = await import('./composition/start.ts')
    const { stopOnSignal } = await import('./bot/stop-on-signal.ts')
    stopOnSignal(await start(config, watch, { given, opening }), watch.log)
  } catch (error) {
    const { logFault } = await import('./bot/refusal.ts')
    logFault(watch.log, error)
    throw error
  }
}

const loaded = loadConfig(process.env)
if (!loaded.ok) {
  for (const problem of loaded.problems) process.stderr.write(`config.invalid: ${problem}\n`)
  process.exit(78)
}
try {
  await run(loaded.config)
} catch (error) {
  const { refusalLine } = await import('./bot/refusal.ts')
  process.stderr.write(`${refusalLine(error)}\n`)
  process.exit(1)
}
