import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Frame } from 'playwright-core'
import { z } from 'zod'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

const found = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })) }),
)

/** What axe-core finds against WCAG 2.2 AA in a frame, each as one readable line; empty when all is well. */
export async function accessibilityFaults(frame: Frame): Promise<string[]> {
  await frame.evaluate(source)
  const violations = await frame.evaluate(async values => {
    const axe: unknown = Reflect.get(window, 'axe')
    const run: unknown = Reflect.get(Object(axe), 'run')
    if (typeof run !== 'function') throw new Error('axe-core is not there')
    const result: unknown = await run.call(axe, document, { runOnly: { type: 'tag', values } })
    return Reflect.get(Object(result), 'violations')
  }, levels)
  return found
    .parse(violations)
    .flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`))
}

/** The same in both colour schemes. */
export async function faultsInBothSchemes(frame: Frame): Promise<string[]> {
  const faults: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await frame.page().emulateMedia({ colorScheme })
    for (const fault of await accessibilityFaults(frame)) faults.push(`${colorScheme} ${fault}`)
  }
  return faults
}
