import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** Bytes. What the foundation says of itself is some sentences. */
const MOST_BYTES = 65_536

const text = z.string().trim().min(1).max(500)
const forMembers = z.object({ fr: text, ar: text })

/**
 * What members are told of the foundation, in both languages. A later version may add keys: a key that this one does not
 * know is left aside, so that instances of two versions read the same file during a rollout.
 */
const serviceSchema = z.object({
  /** True in the file that comes with the project: nothing in it is a fact. */
  demo: z.boolean().default(false),
  /** Whom members turn to: for a person, and for their rights under law 09-08. */
  contact: forMembers,
  /** How long the data of a request are kept. */
  retention: forMembers,
  /** Where a RIB is deposited. */
  address: forMembers,
  telephone: forMembers,
  /** When it is open. */
  hours: forMembers,
  /** What is deposited for a RIB. */
  bring: forMembers,
})
export type ServiceFacts = z.infer<typeof serviceSchema>

export const serviceEnvironment = z.object({ SERVICE_FILE: z.string().optional() })

const shipped = fileURLToPath(new URL('../config/service.json', import.meta.url))

/** Reads the file that `SERVICE_FILE` names, or the one that comes with the project. Lines of trouble go to `problems`. */
export function readServiceFile(named: string | undefined, problems: string[]): ServiceFacts | undefined {
  const content = contentOf(named ?? shipped)
  if (content === undefined) {
    problems.push('SERVICE_FILE names a file that cannot be read, is no JSON or is larger than 64 KiB')
    return undefined
  }
  const parsed = serviceSchema.safeParse(content)
  if (parsed.success) return parsed.data
  const names = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole').join(', ')
  problems.push(`SERVICE_FILE: missing, or not as in config/service.json: ${names}`)
  return undefined
}

function contentOf(path: string): unknown {
  try {
    return statSync(path).size > MOST_BYTES ? undefined : JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** Where these settings of earlier versions have gone. */
export function movedSettings(env: Readonly<Record<string, string | undefined>>): string[] {
  return (['CONTACT', 'RETENTION'] as const)
    .filter(name => env[name])
    .map(
      name => `${name} has moved: it is « ${name.toLowerCase()} » in config/service.json, or where SERVICE_FILE says`,
    )
}
