/** A change that breaks the product, and the tests of which at least one must then fail. */
export interface Mutant {
  readonly file: string
  /** Stands in the file exactly once. */
  readonly from: string
  readonly to: string
  /** In the order in which they are run, up to the first that fails. */
  readonly tests: readonly string[]
}

/** Mutants of one file that the same tests must notice. */
export function mutantsOf(
  file: string,
  tests: readonly string[],
  changes: readonly (readonly [from: string, to: string])[],
): Mutant[] {
  return changes.map(([from, to]) => ({ file, from, to, tests }))
}
