export const relativeKinds = ['spouse', 'child'] as const
export type RelativeKind = (typeof relativeKinds)[number]

export interface Relative {
  readonly id: string
  readonly kind: RelativeKind
  readonly name: string
}

/** As the foundation's register knows them. `rib` has 24 digits; its key may be wrong, which is for the request to find. */
export interface Member {
  readonly id: string
  readonly ppr: string
  readonly name: string
  readonly rib?: string
  /** `rib` as it is stored: another whenever the register wrote it anew. */
  readonly ribSealed?: Uint8Array
  /** In the register's order. */
  readonly relatives: readonly Relative[]
}
