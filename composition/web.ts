import { fileURLToPath } from 'node:url'
import { installDirectLine } from '../bot/channels/directline/direct-line.ts'
import { installTab } from '../bot/channels/teams/tab-route.ts'
import { createHttpServer, type HttpServer } from '../bot/http/http-server.ts'
import { installMetrics } from '../bot/http/metrics-route.ts'
import { loadStaticFiles } from '../bot/http/static-files.ts'
import { hasDemoMembers } from '../services/members/demo-members.ts'
import { newId, now } from './clock.ts'
import type { Parts } from './parts.ts'

/** The pages, sign-in and the chat's routes; nothing listens yet. */
export async function openWeb({ config, publicUrl, base, bot, log }: Parts) {
  const { storage, metrics, tracing, keyring, signIn, devices, services } = base
  const { sessions, liveness, streamTickets } = base
  const { database } = storage
  const common = { ...storage, ...services, keyring, log, metrics, tracing, now, newId }
  const server = createHttpServer({
    ...common,
    settings: { publicUrl, allowedOrigins: config.allowedOrigins, trustedProxies: config.trustedProxies },
    signIn,
    devices,
    sessions,
    files: await loadStaticFiles(fileURLToPath(new URL('../web/dist', import.meta.url))),
    hasDemoMembers: () => hasDemoMembers(database),
    mintToken: principal => directLine.tokenFor(principal),
  })
  const directLine = installDirectLine(server.restify, {
    ...common,
    sessions,
    liveness,
    streamTickets,
    publicUrl,
    turns: bot.turns,
    http: server.http,
    allowedOrigins: server.origins.allowed,
    directLineSecret: config.directLineSecret,
    openDraftOf: memberId => services.drafts.stepOf(memberId),
    botName: language => bot.translators[language].t('app.name'),
  })
  installMetrics(server.restify, {
    registry: metrics,
    access: { token: config.operations.metricsToken, openOnLoopback: !config.production },
    sources: {
      ...storage,
      socketsOpen: directLine.socketsOpen,
      pdfChecks: bot.pdfCheck.load,
      leases: storage.lease.load,
      now,
    },
  })
  return { server, directLine }
}

/** Microsoft's library is slow to load: only where there is a Teams to speak to. */
export async function openTeams({ config, publicUrl, base, bot, cloud, log }: Parts, { restify, origins }: HttpServer) {
  const { teams: settings, trustedProxies } = config
  const { identity, sharedFiles } = bot
  const { tokens } = cloud
  if (!settings || !identity || !sharedFiles || !tokens) return undefined
  installTab(restify, { publicUrl })
  const { installTeams } = await import('../bot/channels/teams/teams.ts')
  const { storage, services, keyring, signIn, devices, sessions, metrics } = base
  const page = { signIn, devices, sessions, origins, publicUrl, trustedProxies }
  return installTeams(restify, {
    ...storage,
    ...services,
    ...bot,
    settings,
    tokens,
    identity,
    sharedFiles,
    keyring,
    page,
    metrics,
    log,
    now,
  })
}
