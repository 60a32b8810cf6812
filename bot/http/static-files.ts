import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'

type Encoding = 'br' | 'gzip' | 'identity'

export interface StaticFile {
  readonly type: string
  /** Its name changes with its content. */
  readonly immutable: boolean
  readonly bodies: Partial<Record<Encoding, { bytes: Buffer; etag: string }>>
}

/** By path below the folder, as `/assets/chat-3f2a.js`. Nothing else can be asked for: there is no path to walk. */
export type StaticFiles = ReadonlyMap<string, StaticFile>

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/**
 * Reads the built web part, some megabytes, into memory: a rebuild beside the running server never mixes two builds.
 * @returns empty when nothing is built
 */
export async function loadStaticFiles(folder: string): Promise<StaticFiles> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  const files = new Map<string, StaticFile>()
  for (const entry of entries) {
    const type = types[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    const name = `/${relative(folder, path).split(sep).join('/')}`
    files.set(name, { type, immutable: name.startsWith('/assets/'), bodies: await readBodies(path) })
  }
  return files
}

async function readBodies(path: string): Promise<StaticFile['bodies']> {
  const [identity, br, gzip] = await Promise.all([readFile(path), readIfThere(`${path}.br`), readIfThere(`${path}.gz`)])
  const hash = createHash('sha256').update(identity).digest('base64url').slice(0, 22)
  return {
    identity: { bytes: identity, etag: `"${hash}"` },
    ...(br && { br: { bytes: br, etag: `"${hash}-br"` } }),
    ...(gzip && { gzip: { bytes: gzip, etag: `"${hash}-gz"` } }),
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return await readFile(path).catch(() => undefined)
}

/** Answers GET and HEAD; other headers are set by then. */
export function sendFile(req: IncomingMessage, res: ServerResponse, file: StaticFile): void {
  const encoding = choose(req.headers['accept-encoding'] ?? '', file)
  const body = file.bodies[encoding]
  res.setHeader('Vary', 'Accept-Encoding')
  res.setHeader('Cache-Control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (!body) return end(res, 406)
  res.setHeader('ETag', body.etag)
  if (isKnown(req.headers['if-none-match'], body.etag)) return end(res, 304)
  if (encoding !== 'identity') res.setHeader('Content-Encoding', encoding)
  res.writeHead(200, { 'Content-Type': file.type, 'Content-Length': body.bytes.length })
  res.end(req.method === 'HEAD' ? undefined : body.bytes)
}

/** restify's `writeHead` returns nothing, unlike Node's. */
function end(res: ServerResponse, status: number): void {
  res.writeHead(status)
  res.end()
}

function choose(accepted: string, file: StaticFile): Encoding {
  const willing = accepted
    .toLowerCase()
    .split(',')
    .map(entry => entry.trim().split(/\s*;\s*/))
    .filter(([, quality]) => !/^q=0(\.0*)?$/.test(quality ?? ''))
    .map(([name]) => name)
  const candidates = ['br', 'gzip'] as const
  return candidates.find(encoding => willing.includes(encoding) && file.bodies[encoding]) ?? 'identity'
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some(candidate => candidate.trim().replace(/^W\//, '') === etag)
}
