import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { z } from 'zod'
import { createGauges } from '../../bot/metrics/gauges.ts'
import { createPrometheusMetrics } from '../../bot/metrics/prometheus.ts'
import { readYaml } from './support/manifests.ts'

const rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.object({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.object({ summary: z.string(), runbook_url: z.string() }),
        }),
      ),
    }),
  ),
})
const dashboard = z.looseObject({
  panels: z.array(z.looseObject({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) })),
})

const alerts = rules.parse(readYaml('deploy/prometheus/alerts.yaml')[0]).groups.flatMap(group => group.rules)
const { panels } = dashboard.parse(JSON.parse(readFileSync('deploy/grafana/moussaada.json', 'utf8')))

/** Names of the labels of every metric that an instance shows. */
function shownMetrics(): Map<string, Set<string>> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  createPrometheusMetrics(registry)
  createGauges(registry)
  const described = z.array(
    z.looseObject({ name: z.string(), type: z.string(), labelNames: z.array(z.string()).optional() }),
  )
  return new Map(
    described.parse(registry.getMetricsAsArray()).flatMap(({ name, type, labelNames = [] }) => {
      const isHistogram = type.includes('histogram') || name.endsWith('_seconds')
      const names = isHistogram ? [name, ...['bucket', 'count', 'sum'].map(part => `${name}_${part}`)] : [name]
      return names.map(each => [each, new Set(labelNames)] as const)
    }),
  )
}

/** Labels that Prometheus adds when it scrapes, and that of a bucket. */
const added = ['instance', 'job', 'le']

function unknownIn(expression: string, shown: Map<string, Set<string>>): string[] {
  const labels: string[] = []
  for (const [, name = '', selectors = ''] of expression.matchAll(/\b([a-z]+_\w+|up)\b(?:\{([^}]*)\})?/g)) {
    const known = name === 'up' ? new Set<string>() : shown.get(name)
    if (!known && !functions.has(name)) labels.push(name)
    for (const [, label = ''] of selectors.matchAll(/(\w+)\s*[=!]/g))
      if (!known?.has(label) && !added.includes(label)) labels.push(`${name}{${label}}`)
  }
  return labels
}
const functions = new Set(['histogram_quantile'])

describe('an operator who is woken by an alert or looks at the dashboard', () => {
  const shown = shownMetrics()

  it('looks at metrics that there are, by labels that they have', () => {
    for (const { alert, expr } of alerts) assert.deepEqual(unknownIn(expr, shown), [], alert)
    for (const { title, targets } of panels)
      for (const { expr } of targets) assert.deepEqual(unknownIn(expr, shown), [], title)
  })

  it('sees every metric of ours somewhere', () => {
    const used = [
      ...alerts.map(({ expr }) => expr),
      ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ].join('\n')
    for (const name of shown.keys()) {
      if (!name.startsWith('moussaada_') || /_(bucket|count|sum)$/.test(name)) continue
      assert.ok(used.includes(name), name)
    }
  })

  it('finds the recipe of each alert', () => {
    const headings = readFileSync('docs/operations.md', 'utf8').matchAll(/^#+ (.*)$/gm)
    const anchors = new Set(
      [...headings].map(([, text = '']) =>
        text
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      ),
    )
    for (const { alert, annotations } of alerts) {
      const [page, anchor = ''] = annotations.runbook_url.split('#')
      assert.equal(page, 'docs/operations.md', alert)
      assert.ok(anchors.has(anchor), `${alert}: #${anchor}`)
    }
  })
})
