import { setFlagsFromString } from 'node:v8'

/**
 * Percent by which what lives in the heap may grow before all of it is collected. V8's own is a third of so small a heap:
 * a file of 20 MiB then brings twenty collections, which everybody waits for.
 */
const GROWTH_PERCENT = 120

/**
 * For when all is loaded. As an argument of Node it would make V8 refuse the compiled code that Node carries of its own
 * modules: a tenth of a start.
 */
export function letHeapGrow(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
}
