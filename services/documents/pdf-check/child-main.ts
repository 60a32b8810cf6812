/**
 * The process that looks at one file and ends: bytes come in on stdin; out on stdout go the line `ready`, once the
 * libraries are loaded, and then one verdict as JSON. `check-process.ts` starts it without rights, without an
 * environment and with limits. Whatever a file does to it, it does to this process only.
 */
silenceLibraries()
const { verdictOn } = await import('./verdict-on.ts')
// Both libraries leave promises unattended on some files; what counts is what `verdictOn` gets to see.
process.on('unhandledRejection', () => undefined)
process.on('uncaughtException', () => answer({ ok: false, reason: 'damaged' }))
process.stdout.write('ready\n')
answer(await verdictOn(await allOfStdin()))

function answer(verdict: object): void {
  process.stdout.write(`${JSON.stringify(verdict)}\n`, () => process.exit(0))
}

async function allOfStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Both libraries write warnings to the console, which is stdout; pdf.js wants these names of the DOM at its import. */
function silenceLibraries(): void {
  const nothing = () => {}
  Object.assign(console, { log: nothing, info: nothing, debug: nothing, warn: nothing, error: nothing })
  Object.assign(globalThis, { DOMMatrix: class {}, Path2D: class {}, ImageData: class {} })
}
