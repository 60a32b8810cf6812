/**
 * A change that another statement carries along as one of its `with` queries, so that both are one trip and one commit.
 * It must return a row when it changed something.
 */
export interface StatementPart {
  /**
   * The same function for every change of one kind, so that the whole statement is put together once.
   * @param first number of the parameter that its first value stands for
   * @param condition SQL that must hold for the change to be made
   */
  readonly text: (first: number, condition: string) => string
  readonly values: readonly unknown[]
}
