import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { after, before, beforeEach, describe, it } from 'node:test'
import { languages, type Language } from '../../services/language.ts'
import { openOffice, type Office } from '../support/office.ts'
import { playTranscript } from '../support/play-transcript.ts'
import { readTranscript, writeTranscript } from '../support/transcript-file.ts'

/**
 * The conversations in `fr/` and `ar/` are the specification of what members read. `REWRITE=all` or `REWRITE=<part of a
 * name>` writes down what is said today: then read every line as a member would, before it is kept.
 */
const { REWRITE, ONLY } = process.env
const folder = (language: Language) => new URL(`${language}/`, import.meta.url)
const chosen = (name: string) => name.endsWith('.txt') && (!ONLY || name.includes(ONLY))
const names = (language: Language) => readdirSync(folder(language)).filter(chosen).toSorted()
const isRewritten = (name: string) => REWRITE === 'all' || (REWRITE !== undefined && name.includes(REWRITE))

describe('a member talks with the assistant', () => {
  let office: Office
  before(async () => void (office = await openOffice()))
  beforeEach(() => office.clear())
  after(() => office.close())

  it('has the same conversations written down in both languages', () => {
    assert.deepEqual(names('ar'), names('fr'))
    assert.ok(ONLY || names('fr').length > 30)
  })

  for (const language of languages)
    for (const name of names(language)) {
      const place = new URL(name, folder(language))
      const written = readFileSync(place, 'utf8')
      const file = readTranscript(written)
      it(`${language}: ${file.title}`, async () => {
        const played = writeTranscript(file, await playTranscript(office, file, language))
        if (isRewritten(name)) writeFileSync(place, played)
        else assert.equal(played, written, `${language}/${name}`)
      })
    }
})
