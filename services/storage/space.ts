/** `low`: no file is taken any more. `full`: nothing is written, and all can be read. */
export type SpaceState = 'ample' | 'low' | 'full'

/** Whether there is space for what is to be stored. */
export interface Space {
  /** As it was a moment ago: asking costs next to nothing. */
  readonly state: () => SpaceState
}

export const ampleSpace: Space = { state: () => 'ample' }
