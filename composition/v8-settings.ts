import { setFlagsFromString } from 'node:v8'

/**
 * Percent by which what lives in the heap may grow before all of it is collected. V8's own is a third of so small a heap:
 * a file of 20 MiB then brings twenty collections, which everybody waits for.
 */
const GROWTH_PERCENT = 120

/**
 * Calls after which a function is compiled by V8's two optimizing compilers, and that it waits after it has met something
 * new. V8's own 400, 3,000 and 500 are for pages: what a turn does once, or one question of six, would be interpreted for
 * days on a quiet instance.
 */
const CALLS = { maglev: 100, turbofan: 500, afterNews: 100 }

/**
 * For when all is loaded. As arguments of Node they would make V8 refuse the compiled code that Node carries of its own
 * modules: a tenth of a start.
 */
export function setV8(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
  setFlagsFromString(`--invocation-count-for-maglev=${CALLS.maglev}`)
  setFlagsFromString(`--invocation-count-for-turbofan=${CALLS.turbofan}`)
  setFlagsFromString(`--minimum-invocations-after-ic-update=${CALLS.afterNews}`)
}
