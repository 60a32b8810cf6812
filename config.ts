import { z } from 'zod'
import { diskEnvironment, diskSettings, type DiskSettings } from './config/disk-settings.ts'
import { graphEnvironment, graphSettings, type GraphSettings } from './config/graph-settings.ts'
import { isMadeUp } from './config/made-up-secret.ts'
import { withSecretFiles } from './config/secret-files.ts'
import { operationsEnvironment, operationsSettings, type OperationsSettings } from './config/operations-settings.ts'
import { quotaEnvironment, quotaSettings, type QuotaSettings } from './config/quota-settings.ts'
import { reminderEnvironment, reminderSettings, type ReminderSettings } from './config/reminder-settings.ts'
import { movedSettings, readServiceFile, serviceEnvironment, type ServiceFacts } from './config/service-file.ts'
import { teamsEnvironment, teamsSettings, type TeamsSettings } from './config/teams-settings.ts'

const switches = z
  .enum(['on', 'off', 'true', 'false', '1', '0'])
  .transform(value => ['on', 'true', '1'].includes(value))
const list = z.string().transform(text => text.split(/[\s,]+/).filter(Boolean))
const origin = z.url({ protocol: /^https?$/ }).transform(url => new URL(url).origin)

/** Every setting there is, by its name in the environment. */
export const environment = z.object({
  NODE_ENV: z.string().optional(),
  PORT: z.coerce.number().int().min(0).max(65535).default(3978),
  HOST: z.string().optional(),
  PUBLIC_URL: origin.optional(),
  ALLOWED_ORIGINS: list.pipe(z.array(origin)).default([]),
  TRUSTED_PROXIES: list.default([]),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z
    .string()
    .regex(/^(rediss?|redis-sentinel):\/\/\S+$/)
    .optional(),
  DEMO_DATA: switches.optional(),
  SECRET_KEY: z.string().optional(),
  DIRECTLINE_SECRET: z.string().min(32).optional(),
  PORTAL_URL: z.url().default('https://fos.finances.gov.ma'),
  CNDP_REFERENCE: z.string().optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  ...serviceEnvironment.shape,
  ...operationsEnvironment.shape,
  ...teamsEnvironment.shape,
  ...graphEnvironment.shape,
  ...reminderEnvironment.shape,
  ...quotaEnvironment.shape,
  ...diskEnvironment.shape,
})
type Environment = z.infer<typeof environment>

export interface Config {
  readonly production: boolean
  readonly port: number
  readonly host: string
  /** Undefined until the port is known, when neither is set. */
  readonly publicUrl: string | undefined
  readonly allowedOrigins: readonly string[]
  readonly trustedProxies: readonly string[]
  readonly stores: { kind: 'embedded'; dataDir: string } | { kind: 'production'; databaseUrl: string; redisUrl: string }
  readonly demoData: boolean
  readonly secretKey: string | undefined
  readonly directLineSecret: string | undefined
  readonly portalUrl: string
  /** What members are told of the foundation. */
  readonly service: ServiceFacts
  /** The notice of law 09-08 names it; undefined only with demo data. */
  readonly cndpReference: string | undefined
  readonly logLevel: string
  readonly quota: QuotaSettings
  readonly disk: DiskSettings
  readonly operations: OperationsSettings
  /** Undefined: no Teams. */
  readonly teams: TeamsSettings | undefined
  /** Undefined: no Microsoft Graph. */
  readonly graph: GraphSettings | undefined
  /** Undefined: nobody is reminded of a request that they have left. */
  readonly reminders: ReminderSettings | undefined
}

export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] }

function stores(env: Environment, problems: string[]): Config['stores'] {
  if (env.DATABASE_URL && env.REDIS_URL) {
    return { kind: 'production', databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL }
  }
  if (env.DATABASE_URL || env.REDIS_URL) problems.push('DATABASE_URL and REDIS_URL are set together or not at all')
  return { kind: 'embedded', dataDir: env.DATA_DIR }
}

function productionProblems(env: Environment): string[] {
  const problems: string[] = []
  if (env.DEMO_DATA) problems.push('DEMO_DATA is refused with NODE_ENV=production')
  if (!env.SECRET_KEY) problems.push('SECRET_KEY is required with NODE_ENV=production')
  for (const name of ['SECRET_KEY', 'DIRECTLINE_SECRET', 'METRICS_TOKEN'] as const)
    if (isMadeUp(env[name])) problems.push(`${name} is not random: make one with \`openssl rand -base64 32\``)
  if (!env.PUBLIC_URL?.startsWith('https:'))
    problems.push('PUBLIC_URL must be an https: address with NODE_ENV=production')
  if (!env.DATABASE_URL) problems.push('DATABASE_URL and REDIS_URL are required with NODE_ENV=production')
  return problems
}

function factProblems(env: Environment, service: ServiceFacts): string[] {
  const problems: string[] = []
  if (!env.CNDP_REFERENCE)
    problems.push('CNDP_REFERENCE is required without demo data: the notice of law 09-08 names it')
  if (service.demo)
    problems.push('SERVICE_FILE is required without demo data: config/service.json holds no facts until you fill it in')
  return problems
}

/** What zod expected; it never repeats what it was given. */
const oneLine = (message: string): string => message.replaceAll(/\s+/g, ' ')

/** The only reader of the environment. Problems are lines for the operator and never hold a value. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const { env: given, problems } = withSecretFiles(env)
  if (problems.length > 0) return { ok: false, problems }
  const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''))
  const parsed = environment.safeParse(filled)
  if (!parsed.success) {
    return {
      ok: false,
      problems: parsed.error.issues.map(issue => `${issue.path.join('.')}: ${oneLine(issue.message)}`),
    }
  }
  const set = parsed.data
  problems.push(...movedSettings(filled))
  const service = readServiceFile(set.SERVICE_FILE, problems)
  const production = set.NODE_ENV === 'production'
  const where = stores(set, problems)
  if (production) problems.push(...productionProblems(set))
  const teams = teamsSettings(set, problems)
  const graph = graphSettings(set, problems)
  const demoData = set.DEMO_DATA ?? (!production && where.kind === 'embedded' && service?.demo === true)
  if (!demoData && service) problems.push(...factProblems(set, service))
  if (problems.length > 0 || !service) return { ok: false, problems }
  return { ok: true, config: toConfig(set, { production, where, service, demoData, teams, graph }) }
}

function toConfig(
  set: Environment,
  decided: Pick<Config, 'production' | 'service' | 'demoData' | 'teams' | 'graph'> & { where: Config['stores'] },
): Config {
  const publicUrl = set.PUBLIC_URL ?? (set.PORT === 0 ? undefined : `http://localhost:${set.PORT}`)
  return {
    production: decided.production,
    port: set.PORT,
    host: set.HOST ?? (decided.demoData ? 'localhost' : '0.0.0.0'),
    publicUrl,
    allowedOrigins: set.ALLOWED_ORIGINS,
    trustedProxies: set.TRUSTED_PROXIES,
    stores: decided.where,
    demoData: decided.demoData,
    secretKey: set.SECRET_KEY,
    directLineSecret: set.DIRECTLINE_SECRET,
    portalUrl: set.PORTAL_URL,
    service: decided.service,
    cndpReference: set.CNDP_REFERENCE,
    logLevel: set.LOG_LEVEL,
    quota: quotaSettings(set),
    disk: diskSettings(set),
    operations: operationsSettings(set),
    teams: decided.teams,
    graph: decided.graph,
    reminders: reminderSettings(set),
  }
}
