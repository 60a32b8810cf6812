import { spawnSync } from 'node:child_process'

/** Everything that must hold before a commit. The first that fails ends the run. */
const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['types', 'tsc', '--noEmit'],
  ['lint, import directions', 'oxlint', '--type-aware', '--deny-warnings'],
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['unused code and dependencies', 'knip', '--no-progress'],
  ['locale parity', 'node', '--test', '--test-reporter=dot', 'tests/locales.test.ts'],
  ['size of the web part', 'node', 'scripts/web-sizes.ts'],
]

for (const [name, command, ...args] of checks) {
  const begun = performance.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) {
    console.error(`✗ ${name}`)
    process.exit(1)
  }
  console.log(`✓ ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`)
}
