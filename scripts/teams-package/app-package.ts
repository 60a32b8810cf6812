import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ManifestUtil } from '@microsoft/app-manifest'
import { strToU8, zipSync } from 'fflate'
import { createLocalization, createManifest, SCHEMA_VERSION, type AppSettings } from './manifest.ts'

export type AppPackage =
  { readonly ok: true; readonly zip: Uint8Array } | { readonly ok: false; readonly problems: readonly string[] }

/** The app as Teams takes it, once Microsoft's own schemas, which come with their package, have nothing against it. */
export async function createAppPackage(settings: AppSettings): Promise<AppPackage> {
  const files = {
    'manifest.json': createManifest(settings),
    'fr.json': createLocalization('fr'),
    'ar.json': createLocalization('ar'),
  }
  const problems = [
    ...(await against('MicrosoftTeams.schema.json', files['manifest.json'])),
    ...(await against('MicrosoftTeams.Localization.schema.json', files['fr.json'])),
    ...(await against('MicrosoftTeams.Localization.schema.json', files['ar.json'])),
  ]
  if (problems.length > 0) return { ok: false, problems }
  const texts = Object.entries(files).map(([name, json]) => [name, strToU8(`${JSON.stringify(json, null, 2)}\n`)])
  return {
    ok: true,
    zip: zipSync({ ...Object.fromEntries(texts), ...(await icons()) }, { mtime: new Date(1980, 0, 1) }),
  }
}

async function icons() {
  const read = (name: string) => readFile(new URL(`icons/${name}`, import.meta.url))
  return { 'color.png': await read('color.png'), 'outline.png': await read('outline.png') }
}

/** Two of Microsoft's patterns are none under the flag `u`, with which they are read. */
function readable(schema: string): string {
  return schema.replaceAll(String.raw`\\a`, String.raw`\\x07`).replaceAll(String.raw`\\b]`, String.raw`\\b\\]`)
}

async function against(schemaName: string, json: object): Promise<string[]> {
  const main = createRequire(import.meta.url).resolve('@microsoft/app-manifest')
  const path = join(dirname(main), 'json-schemas', 'teams', `v${SCHEMA_VERSION}`, schemaName)
  // Their own types for both are of another strictness than ours.
  return await ManifestUtil.validateManifestAgainstSchema(
    Object.assign(json),
    JSON.parse(readable(await readFile(path, 'utf8'))),
  )
}
