import { fdatasyncSync, fsyncSync } from 'node:fs'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { z } from 'zod'
import { exitCodes } from './worker-exit.ts'

/** PGlite never reaches the disk: its Node file system has no fsync. This one has, so that a commit outlives a power cut. */
export class DurableNodeFS extends NodeFS {
  override async init(...[pg, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, options)
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addSync] } }
  }
}

/** By identity: a parsed copy would leave the module's own operations as they are. */
const itself = z.custom<object>(value => typeof value === 'object' && value !== null)
const moduleSchema = z.object({ NODEFS: itself })
const nodeFsSchema = z.object({ stream_ops: itself })

function addSync(emscriptenModule: unknown): void {
  const { NODEFS } = moduleSchema.parse(emscriptenModule)
  const operations = nodeFsSchema.parse(NODEFS).stream_ops
  Reflect.set(operations, 'fsync', syncStream)
  Reflect.set(operations, 'write', endWithoutSpace(writeSchema.parse(Reflect.get(operations, 'write'))))
}

/** Emscripten's stream: `nfd` is Node's file descriptor. */
interface Stream {
  readonly nfd: number
  readonly path?: string
  readonly node: { readonly mode: number }
}

type Write = (...args: [Stream, ...unknown[]]) => number
const writeSchema = z.custom<Write>(value => typeof value === 'function')

/** ENOSPC as Emscripten numbers it. */
const NO_SPACE = 51

/**
 * PostgreSQL answers a statement whose table cannot grow with an error, and goes on. It panics when its log cannot: the
 * worker ends before it prints a page about that, and what is opened again holds all that was acknowledged.
 */
function endWithoutSpace(write: Write): Write {
  return (stream, ...rest) => {
    try {
      return write(stream, ...rest)
    } catch (error) {
      const errno: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'errno') : undefined
      if (errno === NO_SPACE && stream.path?.includes('/pg_wal/')) return process.exit(exitCodes.noSpace)
      throw error
    }
  }
}

function syncStream(stream: Stream): number {
  try {
    if (isDirectory(stream.node.mode)) fsyncSync(stream.nfd)
    else fdatasyncSync(stream.nfd)
    return 0
  } catch {
    // What the kernel could not write it may forget, and a second sync would then succeed: nothing in memory can be
    // trusted from here on. Opening again replays what the disk really holds.
    return process.exit(exitCodes.syncFailed)
  }
}

function isDirectory(mode: number): boolean {
  return (mode & 0o170000) === 0o040000
}
