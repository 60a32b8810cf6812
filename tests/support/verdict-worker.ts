import { parentPort } from 'node:worker_threads'

// As the check's own process prepares itself, see `child-main.ts`.
const nothing = () => undefined
Object.assign(console, { log: nothing, info: nothing, debug: nothing, warn: nothing, error: nothing })
Object.assign(globalThis, { DOMMatrix: class {}, Path2D: class {}, ImageData: class {} })
process.on('unhandledRejection', nothing)
const { verdictOn } = await import('../../services/documents/pdf-check/verdict-on.ts')

parentPort?.on('message', (bytes: Uint8Array) => {
  void verdictOn(bytes).then(verdict => parentPort?.postMessage(verdict, []))
})
parentPort?.postMessage('ready', [])
