import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { z } from 'zod'
import { classify } from '../dialogs/understanding/classify.ts'
import { createAppPackage } from '../scripts/teams-package/app-package.ts'

const directory = mkdtempSync(join(tmpdir(), 'moussaada-app-'))
after(() => rmSync(directory, { recursive: true }))

const registration = {
  MicrosoftAppId: '00000000-1111-4222-8333-444444444444',
  MicrosoftAppPassword: 'not in the package',
  MicrosoftAppTenantId: '11111111-1111-4111-8111-111111111111',
  PUBLIC_URL: 'https://assistant.fosmef.example',
}
const zip = join(directory, 'app.zip')

function run(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { PATH = '' } = process.env
  return spawnSync('node', ['scripts/teams-package.ts', '--out', zip, ...args], {
    env: { PATH, ...env },
    encoding: 'utf8',
  })
}

const commands = z.array(z.object({ title: z.string(), description: z.string() }))
const manifest = z.object({
  version: z.string(),
  id: z.string(),
  bots: z.tuple([
    z.object({
      botId: z.string(),
      scopes: z.tuple([z.literal('personal')]),
      supportsFiles: z.literal(true),
      commandLists: z.tuple([z.object({ commands })]),
    }),
  ]),
  staticTabs: z.array(
    z.object({ entityId: z.string(), name: z.string().optional(), contentUrl: z.string().optional() }),
  ),
  validDomains: z.array(z.string()),
  localizationInfo: z.object({
    defaultLanguageTag: z.literal('fr'),
    additionalLanguages: z.tuple([z.object({ languageTag: z.literal('ar'), file: z.literal('ar.json') })]),
  }),
})

/** Width, height and whether it has an alpha channel, from a PNG's header. */
function pngOf(name: string) {
  const bytes = readFileSync(join(directory, name))
  assert.equal(bytes.subarray(1, 4).toString('latin1'), 'PNG')
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), hasAlpha: bytes[25] === 6 }
}

const json = (name: string): unknown => JSON.parse(readFileSync(join(directory, name), 'utf8'))

describe('an administrator makes the package for Teams', () => {
  it('gets one that names the bot, the host and the tab, and holds no secret', () => {
    const made = run(registration, '--app-version', '1.2.3')
    assert.deepEqual([made.status, made.stderr], [0, ''])
    execFileSync('unzip', ['-q', zip, '-d', directory])
    const names = ['app.zip', 'ar.json', 'color.png', 'fr.json', 'manifest.json', 'outline.png']
    assert.deepEqual(readdirSync(directory).sort(), names)
    const app = manifest.parse(json('manifest.json'))
    assert.deepEqual(
      [app.version, app.id, app.bots[0].botId],
      ['1.2.3', registration.MicrosoftAppId, registration.MicrosoftAppId],
    )
    assert.deepEqual(app.validDomains, ['assistant.fosmef.example'])
    assert.equal(app.staticTabs[1]?.contentUrl, 'https://assistant.fosmef.example/teams/tab?lang={locale}')
    for (const name of ['manifest.json', 'fr.json', 'ar.json'])
      assert.doesNotMatch(readFileSync(join(directory, name), 'utf8'), /not in the package/)
  })

  it('gets icons of the sizes that Teams wants, the outline see-through', () => {
    assert.deepEqual(pngOf('color.png'), { width: 192, height: 192, hasAlpha: false })
    assert.deepEqual(pngOf('outline.png'), { width: 32, height: 32, hasAlpha: true })
    assert.ok(statSync(join(directory, 'color.png')).size < 100_000)
  })

  it('gets every sentence in both languages, and commands that the assistant understands', () => {
    const [fr, ar] = ['fr.json', 'ar.json'].map(name => z.record(z.string(), z.string()).parse(json(name)))
    assert.deepEqual(Object.keys(ar ?? {}), Object.keys(fr ?? {}))
    const app = manifest.parse(json('manifest.json'))
    for (const [key, text] of Object.entries(ar ?? {}))
      if (key !== '$schema') assert.match(text, /\p{Script=Arabic}/u, key)
    const labels = [fr, ar].map(words =>
      app.bots[0].commandLists[0].commands.map((_, index) =>
        classify(words?.[`bots[0].commandLists[0].commands[${index}].title`] ?? '', 'any'),
      ),
    )
    assert.deepEqual(labels[0], labels[1])
    assert.equal(labels[0]?.includes('none'), false, String(labels[0]))
  })

  it('is told what is missing, in one line', () => {
    for (const env of [
      {},
      { ...registration, PUBLIC_URL: 'http://localhost:3978' },
      { ...registration, MicrosoftAppId: 'x' },
    ]) {
      const { status, stderr, stdout } = run(env)
      assert.deepEqual([status, stdout], [2, ''])
      assert.match(stderr, /^Aucun fichier n'a été écrit/)
    }
  })

  it('is told when Teams would refuse it', async () => {
    const settings = { appId: 'no id', publicUrl: 'https://a.example', portalUrl: 'https://p.example' }
    const made = await createAppPackage({
      ...settings,
      privacyUrl: 'x',
      termsUrl: 'https://t.example',
      version: '1.0.0',
    })
    assert.equal(made.ok, false)
    assert.ok(!made.ok && made.problems.some(problem => problem.includes('privacyUrl')))
  })
})
