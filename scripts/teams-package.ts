/*
 * `npm run teams:package -- [--app-version 1.0.0] [--out FILE.zip] [--privacy-url URL] [--terms-url URL]`: the app for
 * Teams, from MicrosoftAppId, PUBLIC_URL and PORTAL_URL. See docs/teams.md.
 */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config.ts'
import { createOperatorWords } from '../locales/operator-words.ts'
import { createAppPackage } from './teams-package/app-package.ts'

const env = process.env
const words = createOperatorWords(/^ar([_.-]|$)/.test(env.LC_ALL ?? env.LANG ?? '') ? 'ar' : 'fr')

function refuse(...lines: readonly string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`)
  process.exitCode = 2
}

const { values: given } = parseArgs({
  options: {
    'app-version': { type: 'string', default: '1.0.0' },
    out: { type: 'string', default: 'moussaada-teams.zip' },
    'privacy-url': { type: 'string' },
    'terms-url': { type: 'string' },
  },
})

async function writePackage(): Promise<void> {
  const loaded = loadConfig(env)
  if (!loaded.ok) return refuse(words('teamsPackage.settings'), ...loaded.problems)
  const { teams, publicUrl, portalUrl } = loaded.config
  if (!teams || !publicUrl?.startsWith('https:')) return refuse(words('teamsPackage.missing'))
  const made = await createAppPackage({
    appId: teams.appId,
    publicUrl,
    portalUrl,
    privacyUrl: given['privacy-url'] ?? portalUrl,
    termsUrl: given['terms-url'] ?? portalUrl,
    version: given['app-version'],
  })
  if (!made.ok) return refuse(words('teamsPackage.refused'), ...made.problems)
  // npm runs in the project's folder; the administrator may stand in another.
  const path = resolve(env.INIT_CWD ?? process.cwd(), given.out)
  await writeFile(path, made.zip)
  process.stdout.write(`${words('teamsPackage.done', { path })}\n`)
}

await writePackage()
