import assert from 'node:assert/strict'
import { readFile, glob } from 'node:fs/promises'
import { describe, it } from 'node:test'
import type { Row } from '../../../services/storage/database.ts'
import { warnOfTimeZoneData } from '../../../services/storage/time-zone-data.ts'
import { openFreshDatabase } from '../../support/fresh-database.ts'

/** What in SQL depends on the time zone of a session, or on PostgreSQL's own data of time zones. */
const localTime = [
  /\bat\s+time\s+zone\b/i,
  /\bset\s+(local\s+|session\s+)?time\s*zone\b/i,
  /\bcurrent_(date|time)\b/i,
  /\blocaltime(stamp)?\b/i,
  /::\s*(date|time|timestamp)\b/i,
  /\bcast\s*\([^)]*\bas\s+(date|time|timestamp)\b/i,
  /\btimestamp\s+without\b/i,
  /\b(date_trunc|date_part|date_bin|to_char|to_date|make_timestamptz?|timezone)\s*\(/i,
  /\bextract\s*\(\s*(?!epoch\b)[a-z]+\s+from\b/i,
  // A day of timestamptz has the length that it has in the session's zone.
  /\binterval\s+'[^']*\b(day|week|month|year)s?\b/i,
  /^\s*\w+\s+(date|time|timestamp)\b(?!\s*:)(\s+(not null|default|primary)|,|$)/i,
]
const asksOfIt = 'services/storage/time-zone-data.ts'

describe('an operator whose PostgreSQL has other data of time zones than Node', () => {
  it('finds no local time in our SQL', async () => {
    const found: string[] = []
    for await (const file of glob('{services,bot,composition,dialogs,db,scripts,config}/**/*.{ts,sql}')) {
      if (file === asksOfIt) continue
      const lines = (await readFile(file, 'utf8')).split('\n')
      const sql = file.endsWith('.sql')
      for (const [index, line] of lines.entries()) {
        const code = line.replace(/^\s*(\/\/|\*|\/\*|--).*/, '')
        const rules = sql ? localTime : localTime.slice(0, -1)
        if (rules.some(rule => rule.test(code))) found.push(`${file}:${index + 1}: ${line.trim()}`)
      }
    }
    assert.deepEqual(found, [])
  })

  const warned = async (answer: (days: readonly string[]) => Row[], nodeData = '2026c') => {
    const lines: unknown[] = []
    const log = { info: () => undefined, warn: (...line: unknown[]) => void lines.push(line), error: () => undefined }
    const query = async (_: string, values: readonly unknown[] = []) => {
      const rows = answer(values[0] as string[])
      return { rows, count: rows.length }
    }
    await warnOfTimeZoneData({ database: { query }, log, now: () => new Date('2026-11-30T12:00:00Z'), nodeData })
    return lines
  }
  const gmt = (days: readonly string[]) => days.map(() => ({ minutes: 0 }))

  it('is warned when they differ now', async () => {
    assert.deepEqual(await warned(days => days.map(() => ({ minutes: 60 }))), [
      ['time-zone.data-differ', { zone: 'Africa/Casablanca', from: '2026-11-30', node: '2026c' }],
    ])
  })

  it('is warned when they will differ within a year, and from which day', async () => {
    const later = (days: readonly string[]) => days.map(day => ({ minutes: day < '2027-03-01' ? 0 : 60 }))
    assert.deepEqual(await warned(later), [
      ['time-zone.data-differ', { zone: 'Africa/Casablanca', from: '2027-03-01', node: '2026c' }],
    ])
  })

  it('is warned of a Node whose data are old', async () => {
    assert.deepEqual(await warned(gmt, '2025b'), [['time-zone.node-data-old', { data: '2025b', needed: '2026c' }]])
  })

  it('hears nothing when all is well', async () => {
    assert.deepEqual(await warned(gmt), [])
  })

  it('and a real PostgreSQL answers what is asked', async () => {
    const fresh = await openFreshDatabase()
    const lines: string[] = []
    const log = { info: () => undefined, warn: (event: string) => void lines.push(event), error: () => undefined }
    try {
      await warnOfTimeZoneData({ database: fresh.database, log, now: () => new Date('2026-03-25T12:00:00Z') })
      assert.equal(lines.filter(line => line === 'time-zone.node-data-old').length, 0)
      // An instant on which no data differ: Morocco was at GMT in Ramadan of 2026 and at +01 afterwards.
      await warnOfTimeZoneData({ database: fresh.database, log, now: () => new Date('2020-01-01T12:00:00Z') })
    } finally {
      await fresh.close()
    }
    assert.ok(lines.every(line => line === 'time-zone.data-differ'))
    assert.ok(lines.length <= 1, 'the data of 2020 are the same everywhere')
  })
})
