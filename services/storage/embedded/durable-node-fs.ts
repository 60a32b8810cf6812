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
  Reflect.set(nodeFsSchema.parse(NODEFS).stream_ops, 'fsync', syncStream)
}

/** Emscripten's stream: `nfd` is Node's file descriptor. */
interface Stream {
  readonly nfd: number
  readonly node: { readonly mode: number }
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
