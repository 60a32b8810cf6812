import { readFileSync } from 'node:fs'

/** Settings that are secrets, or hold one. */
export const secretNames = [
  'DATABASE_URL',
  'REDIS_URL',
  'SECRET_KEY',
  'DIRECTLINE_SECRET',
  'METRICS_TOKEN',
  'MicrosoftAppPassword',
] as const

type Environment = Readonly<Record<string, string | undefined>>

/**
 * `NAME_FILE` names the file that holds the value of NAME, as container platforms hand secrets in: such a value stands in
 * no list of processes and in no description of a container.
 * @returns the settings with the values in place, and lines about what could not be read, which quote neither
 */
export function withSecretFiles(env: Environment): { readonly env: Environment; readonly problems: string[] } {
  const problems: string[] = []
  const read: Record<string, string> = {}
  for (const name of secretNames) {
    const path = env[`${name}_FILE`]
    if (!path) continue
    if (env[name]) problems.push(`${name} and ${name}_FILE are both set`)
    const text = contentOf(path)
    if (text) read[name] = text
    else problems.push(`${name}_FILE names a file that cannot be read or is empty`)
  }
  return { env: { ...env, ...read }, problems }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
