import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { z } from 'zod'

type Tree = { [key: string]: string | Tree }
const tree: z.ZodType<Tree> = z.lazy(() => z.record(z.string(), z.union([z.string(), tree])))

const files = readdirSync('locales/fr')

function sentences(language: string, file: string): Map<string, string> {
  const found = new Map<string, string>()
  const walk = (node: Tree, path: string) => {
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === 'string') found.set(`${path}${key}`, value)
      else walk(value, `${path}${key}.`)
    }
  }
  walk(tree.parse(JSON.parse(readFileSync(`locales/${language}/${file}`, 'utf8'))), '')
  return found
}

const plural = /_(zero|one|two|few|many|other)$/
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]).sort()
const base = (key: string) => key.replace(plural, '')
const pluralBases = (found: Map<string, string>) => new Set([...found.keys()].filter(key => plural.test(key)).map(base))

for (const file of files) {
  const fr = sentences('fr', file)
  const ar = sentences('ar', file)

  describe(`a member reads ${file} in French or in Arabic`, () => {
    it('finds every sentence in both languages', () => {
      assert.deepEqual([...new Set([...ar.keys()].map(base))].sort(), [...new Set([...fr.keys()].map(base))].sort())
    })

    it('finds exactly the plural forms that the language has', () => {
      for (const [language, found] of [
        ['fr', fr],
        ['ar', ar],
      ] as const) {
        const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
        const expected = new Set([...forms, 'zero'])
        for (const key of pluralBases(found)) {
          const have = [...found.keys()].filter(other => base(other) === key && plural.test(other))
          assert.deepEqual(new Set(have.map(name => plural.exec(name)?.[1])), expected, `${language} ${key}`)
        }
      }
    })

    it('finds the same values in both', () => {
      for (const [key, text] of fr) {
        const other = ar.get(key)
        if (other !== undefined && !plural.test(key)) assert.deepEqual(placeholders(other), placeholders(text), key)
      }
    })

    it('finds every value in an Arabic sentence isolated from the direction around it', () => {
      for (const [key, text] of ar) {
        const bare = text.replaceAll(/[\u2066\u2068][^\u2066\u2068\u2069]*\u2069/g, '')
        assert.deepEqual(placeholders(bare), [], key)
      }
    })

    it('finds no straight apostrophe of a typewriter beside a curly one', () => {
      for (const [key, text] of fr) assert.ok(!(text.includes('’') && text.includes("'")), key)
    })
  })
}

describe('a developer looks for the place where a sentence is said', () => {
  const source = ['main.ts', ...sources('dialogs'), ...sources('bot')]
    .map(file => readFileSync(file, 'utf8'))
    .join('\n')
  const literal = new Set([...source.matchAll(/'([a-z][\w.]*)'/gi)].map(match => match[1]))
  /** `help.${step}`: any key of that shape may be meant. */
  const shapes = [...source.matchAll(/`([a-z][\w.]*\.)?(?:\$\{[^}]*\})([\w.]*)`/gi)]
    .filter(([, before, behind]) => before ?? behind)
    .map(([, before = '', behind = '']) => new RegExp(`^${before}[\\w]+${behind}$`))

  it('finds one for every sentence of the assistant', () => {
    const keys = new Set([...sentences('fr', 'dialogs.json').keys()].map(base))
    const unsaid = [...keys].filter(key => !literal.has(key) && !shapes.some(shape => shape.test(key)))
    assert.deepEqual(unsaid, [])
  })
})

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => `${folder}/${name}`)
}

describe('a member reads of a button or a step', () => {
  for (const language of ['fr', 'ar']) {
    const dialogs = sentences(language, 'dialogs.json')
    const controls = new Map([...dialogs].filter(([key]) => key.startsWith('button.') || key === 'step.document'))

    it(`finds it called as it is in ${language}: a sentence takes the name from the control's own key`, () => {
      const names = new Set(controls.values())
      for (const [key, text] of dialogs) {
        // The words of the help are what a member may write, and not names.
        if (controls.has(key) || key === 'help.main') continue
        const named = [...text.matchAll(/«\s?([^»]+?)\s?»/g)].map(([, name = '']) => name)
        assert.deepEqual(
          named.filter(name => names.has(name)),
          [],
          key,
        )
        for (const [, nested = ''] of text.matchAll(/\$t\(([^)]*)\)/g))
          assert.ok(dialogs.has(nested), `${key}: ${nested}`)
      }
    })

    it(`finds the web page's button under the same name in ${language}`, () => {
      assert.equal(dialogs.get('button.attach'), sentences(language, 'web.json').get('widget.attach'))
    })
  }
})
