/** What a file may be. Medical papers of one case are tens of pages; beyond these numbers a file is not read at all. */
export const maximumPages = 300
export const maximumObjects = 200_000
export const maximumDepth = 64
