import { readdirSync, readFileSync } from 'node:fs'
import { parseAllDocuments, parseDocument } from 'yaml'
import { z } from 'zod'

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
})
export type Manifest = z.infer<typeof manifestSchema>

export const kubernetesFolder = 'deploy/kubernetes'

/** Every file of the folder that is a resource, with what is in it. */
export function readManifests(): { readonly file: string; readonly manifest: Manifest }[] {
  return readdirSync(kubernetesFolder)
    .filter(file => file.endsWith('.yaml') && file !== 'kustomization.yaml')
    .flatMap(file =>
      readYaml(`${kubernetesFolder}/${file}`).map(value => ({ file, manifest: manifestSchema.parse(value) })),
    )
}

/** @throws what is wrong with the text, a key that stands twice included */
export function readYaml(path: string): unknown[] {
  const text = readFileSync(path, 'utf8')
  return parseAllDocuments(text, { strict: true, uniqueKeys: true }).map(document => {
    const [error] = [...document.errors, ...document.warnings]
    if (error) throw error
    return document.toJS() as unknown
  })
}

/** As Compose reads it, with `<<` merged in. */
export function readCompose(path: string): unknown {
  const document = parseDocument(readFileSync(path, 'utf8'), { strict: true, uniqueKeys: true, merge: true })
  const [error] = [...document.errors, ...document.warnings]
  if (error) throw error
  return document.toJS() as unknown
}
