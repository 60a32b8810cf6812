import { freePort } from '../bot/http/free-port.ts'
import { openCloud } from '../bot/microsoft-cloud.ts'
import type { Watch } from '../bot/watch.ts'
import type { Config } from '../config.ts'
import { openBot } from './assistant.ts'
import { openBase, type Opening } from './base.ts'
import { now } from './clock.ts'
import { setV8 } from './v8-settings.ts'
import { openDoor } from './operator.ts'
import { openTeams, openWeb } from './web.ts'

/** @returns what stops it all in order */
export async function start(config: Config, watch: Watch, opening: Opening): Promise<() => Promise<void>> {
  const { log } = watch
  const port = config.port === 0 ? await freePort(config.host) : config.port
  const publicUrl = config.publicUrl ?? `http://localhost:${port}`
  const base = await openBase(config, watch, opening)
  const { documents } = base.services
  const cloud = await openCloud({ ...config, ...base, wordingSettings: config, publicUrl, documents, log, now })
  const bot = openBot({ config, publicUrl, base, cloud, log })
  const web = { config, publicUrl, base, bot, cloud, log }
  const { server, directLine } = await openWeb(web)
  const teams = await openTeams(web, server)
  await base.storage.jobs.start()
  bot.turns.start()
  bot.proactive.start()
  teams?.start()
  const door = await openDoor(config, web)
  await server.listen(port, config.host)
  setV8()
  watch.started()
  process.stdout.write(`Moussaada: ${publicUrl}\n`)

  return async function stop() {
    server.drain()
    await directLine.close()
    await server.close()
    const { turns, proactive } = bot
    await Promise.all([door?.close(), proactive.stop(), turns.stop(), teams?.stop(), base.storage.jobs.stop()])
    await bot.pdfCheck.close()
    await base.storage.close()
    await watch.close()
  }
}
