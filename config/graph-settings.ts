import { z } from 'zod'

/** What may be written into columns of the library. */
const archiveFields = [
  'number',
  'submittedAt',
  'ppr',
  'memberName',
  'beneficiary',
  'personName',
  'motif',
  'language',
  'pages',
] as const
type ArchiveColumns = Partial<Record<(typeof archiveFields)[number], string>>

/** Plain http is for an emulator on this machine. */
const graphUrl = z
  .url({ protocol: /^https?$/ })
  .refine(url => new URL(url).protocol === 'https:' || ['localhost', '127.0.0.1'].includes(new URL(url).hostname))

/** `number=NumeroDossier, ppr=PPR`: internal names of columns that are there. */
const columns = z
  .string()
  .transform(text => text.split(/[\s,]+/).filter(Boolean))
  .pipe(z.array(z.string().regex(/^[a-zA-Z]+=[A-Za-z_][A-Za-z0-9_]*$/)))
  .transform(pairs => Object.fromEntries(pairs.map(pair => pair.split('='))))
  .pipe(z.partialRecord(z.enum(archiveFields), z.string()))

export const graphEnvironment = z.object({
  GRAPH_BASE_URL: graphUrl.optional(),
  GRAPH_SCOPE: z.string().default('https://graph.microsoft.com/.default'),
  ARCHIVE_DRIVE_ID: z.string().optional(),
  // Signs that SharePoint refuses, and the colon that ends a path in Graph's addresses.
  ARCHIVE_FOLDER: z
    .string()
    .regex(/^[^:*?"<>|\\]*$/)
    .default(''),
  ARCHIVE_COLUMNS: columns.default({}),
  MAIL_FROM: z.union([z.email(), z.guid()]).optional(),
})
type GraphEnvironment = z.infer<typeof graphEnvironment> & { readonly MicrosoftAppId?: string | undefined }

export interface GraphSettings {
  readonly baseUrl: string
  readonly scope: string
  /** Undefined: dossiers are not archived. */
  readonly archive: { readonly driveId: string; readonly folder: string; readonly columns: ArchiveColumns } | undefined
  /** Undefined: nothing is confirmed by mail. */
  readonly mail: { readonly from: string } | undefined
}

/** @returns undefined without `GRAPH_BASE_URL`. Lines of trouble go to `problems`. */
export function graphSettings(env: GraphEnvironment, problems: string[]): GraphSettings | undefined {
  const { GRAPH_BASE_URL: baseUrl, ARCHIVE_DRIVE_ID: driveId, MAIL_FROM: from } = env
  if (!driveId && (env.ARCHIVE_FOLDER || Object.keys(env.ARCHIVE_COLUMNS).length > 0))
    problems.push('ARCHIVE_FOLDER and ARCHIVE_COLUMNS are of no use without ARCHIVE_DRIVE_ID')
  if (!baseUrl) {
    if (driveId || from) problems.push('ARCHIVE_DRIVE_ID and MAIL_FROM need GRAPH_BASE_URL')
    return undefined
  }
  if (!env.MicrosoftAppId) problems.push('GRAPH_BASE_URL needs MicrosoftAppId: Graph is asked as that application')
  return {
    baseUrl,
    scope: env.GRAPH_SCOPE,
    archive: driveId ? { driveId, folder: env.ARCHIVE_FOLDER, columns: env.ARCHIVE_COLUMNS } : undefined,
    mail: from ? { from } : undefined,
  }
}
