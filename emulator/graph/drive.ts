import { randomUUID } from 'node:crypto'
import { quickXorHash } from '../../services/notifications/archive/quick-xor-hash.ts'
import type { Call, Reply } from '../http/loopback-server.ts'
import { graphError } from './faults.ts'

export interface DriveItem {
  readonly id: string
  readonly path: string
  readonly bytes: Buffer
  /** Of the library's columns. */
  readonly fields: Map<string, unknown>
  /** How often its content was replaced. */
  readonly versions: number
}

export interface Drive {
  readonly items: ReadonlyMap<string, DriveItem>
  /** Columns that the library has; undefined: whatever is asked for. */
  columns: readonly string[] | undefined
  write(path: string, bytes: Buffer): Reply
  readonly find: (call: Call) => Reply
  readonly put: (call: Call) => Promise<Reply>
  readonly patch: (call: Call) => Promise<Reply>
}

/** Graph's own limit to a simple upload. */
const SIMPLE_LIMIT = 250 * 1024 * 1024

function shown({ id, path, bytes }: DriveItem): Record<string, unknown> {
  const file = { mimeType: 'application/pdf', hashes: { quickXorHash: quickXorHash([bytes]) } }
  return { id, name: path.split('/').at(-1), size: bytes.length, file, webUrl: `https://files.example/${id}` }
}

/** One library. Folders come into being by being named. */
export function createDrive(driveId: string): Drive {
  const items = new Map<string, DriveItem>()
  const isElsewhere = (call: Call): boolean => call.params['drive'] !== driveId

  const drive: Drive = {
    items,
    columns: undefined,
    write(path, bytes) {
      const old = items.get(path)
      const kept = { id: old?.id ?? `01${randomUUID().replaceAll('-', '').toUpperCase()}`, fields: old?.fields }
      const item = { ...kept, path, bytes, fields: kept.fields ?? new Map(), versions: (old?.versions ?? 0) + 1 }
      items.set(path, item)
      return { status: old ? 200 : 201, json: shown(item) }
    },
    find(call) {
      const item = items.get(call.params['path'] ?? '')
      if (isElsewhere(call) || !item) return graphError(404, 'itemNotFound')
      return { status: 200, json: shown(item) }
    },
    async put(call) {
      const bytes = await call.bytes(SIMPLE_LIMIT)
      if (isElsewhere(call)) return graphError(404, 'itemNotFound')
      if (!bytes) return graphError(413, 'fileSizeLimitExceeded')
      return drive.write(call.params['path'] ?? '', bytes)
    },
    async patch(call) {
      const given: unknown = JSON.parse(String(await call.bytes(1024 * 1024)))
      const item = [...items.values()].find(({ id }) => id === call.params['item'])
      if (isElsewhere(call) || !item) return graphError(404, 'itemNotFound')
      const fields = Object.entries(Object(given))
      const { columns } = drive
      if (columns && fields.some(([name]) => !columns.includes(name))) return graphError(400, 'invalidRequest')
      for (const [name, value] of fields) item.fields.set(name, value)
      return { status: 200, json: Object.fromEntries(item.fields) }
    },
  }
  return drive
}
