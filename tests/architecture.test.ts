import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { describe, it } from 'node:test'

/** An import that must be refused: the file that would hold it, and what it would import. */
const forbidden: readonly (readonly [folder: string, specifier: string])[] = [
  ['services', '../dialogs/ask.ts'],
  ['services', '../bot/bot.ts'],
  ['services', '../locales/translator.ts'],
  ['services', '../config.ts'],
  ['services', '../composition/base.ts'],
  ['services', 'botbuilder-core'],
  ['services', 'restify'],
  ['services', 'i18next'],
  ['services/storage', '../drafts/draft.ts'],
  ['services/storage', '../../dialogs/ask.ts'],
  ['dialogs', '../bot/bot.ts'],
  ['dialogs', '../main.ts'],
  ['dialogs', '../services/storage/migrate.ts'],
  ['dialogs', 'restify'],
  ['dialogs', 'pg'],
  ['bot', '../main.ts'],
  ['bot', '../composition/start.ts'],
  ['bot', '../config.ts'],
  ['locales', '../services/language.ts'],
  ['locales', '../dialogs/ask.ts'],
  ['web', '../services/services.ts'],
  ['web', '../bot/bot.ts'],
]

const allowed: readonly (readonly [folder: string, specifier: string])[] = [
  ['dialogs', '../services/drafts/draft.ts'],
  ['bot', '../dialogs/ask.ts'],
  ['services', './storage/migrate.ts'],
  ['web', '../services/language.ts'],
]

const planted = (folder: string, index: number) => `${folder}/planted-${process.pid}-${index}.ts`

/** Plants every import, each in a file of its own, lints them at once, and takes them away. @returns the files refused */
function lintPlanted(imports: typeof forbidden): Set<string> {
  const files = imports.map(([folder], index) => planted(folder, index))
  try {
    for (const [index, [, specifier]] of imports.entries()) {
      writeFileSync(files[index] ?? '', `import * as planted from '${specifier}'\nexport const kept = planted\n`)
    }
    const { stdout } = spawnSync('oxlint', ['-f', 'unix', ...files], { encoding: 'utf8' })
    const refused = stdout.split('\n').filter(line => line.includes('no-restricted-imports'))
    return new Set(files.filter(file => refused.some(line => line.includes(file))))
  } finally {
    for (const file of files) rmSync(file, { force: true })
  }
}

describe('a developer imports against the direction of the architecture', () => {
  const imports = [...forbidden, ...allowed]
  const refused = lintPlanted(imports)

  for (const [index, [folder, specifier]] of imports.entries()) {
    const isForbidden = index < forbidden.length
    it(`${folder} ${isForbidden ? 'may not' : 'may'} import ${specifier}`, () => {
      assert.equal(refused.has(planted(folder, index)), isForbidden)
    })
  }
})
