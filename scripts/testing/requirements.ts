import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A program that tests need beyond what npm brings. */
interface Requirement {
  readonly name: string
  /** Debian's package. */
  readonly package: string
  isThere(): boolean
}

const requirements: readonly Requirement[] = [
  { name: 'Chromium', package: 'chromium', isThere: () => existsSync('/usr/bin/chromium') },
  { name: 'a PostgreSQL server', package: 'postgresql', isThere: hasPostgres },
  { name: 'a Redis server', package: 'redis-server', isThere: () => isOnPath('redis-server') },
  { name: 'strace', package: 'strace', isThere: () => isOnPath('strace') },
  { name: 'Arabic fonts', package: 'fonts-noto-core', isThere: hasArabicFont },
  { name: 'fc-list', package: 'fontconfig', isThere: () => isOnPath('fc-list') },
]

/**
 * Installs what is missing, where this is Debian and we are root.
 * @returns what is still missing, each with its reason
 */
export function bringRequirements(): string[] {
  const missing = requirements.filter(requirement => !requirement.isThere())
  if (missing.length === 0) return []
  const packages = missing.map(requirement => requirement.package)
  console.log(`missing: ${packages.join(', ')}`)
  const reason = install(packages)
  return missing.filter(each => !each.isThere()).map(({ name }) => `${name} is missing: ${reason}`)
}

/** @returns why something may still be missing */
function install(packages: readonly string[]): string {
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return `install ${packages.join(' ')} (Debian's names)`
  keepServerFromStarting()
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const keep = ['-o', 'Dpkg::Options::=--force-confold', '-o', 'Acquire::Retries=3']
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...keep, ...packages]]) {
    const { status } = spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
    if (status !== 0) return `apt-get ${args[0]} failed`
  }
  return 'its package does not bring it'
}

/** Debian's package would make and start a server of its own; the tests start theirs. */
function keepServerFromStarting(): void {
  const file = '/etc/postgresql-common/createcluster.conf'
  if (existsSync(file)) return
  mkdirSync('/etc/postgresql-common', { recursive: true })
  writeFileSync(file, 'create_main_cluster = false\n')
}

function hasPostgres(): boolean {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian) : []
  return isOnPath('initdb') || versions.some(version => existsSync(join(debian, version, 'bin/initdb')))
}

function hasArabicFont(): boolean {
  const { stdout } = spawnSync('fc-list', [':lang=ar', 'family'], { encoding: 'utf8' })
  return (stdout ?? '').trim() !== ''
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some(directory => existsSync(join(directory, program)))
}
