/** What a file may be. Medical papers of one case are tens of pages; beyond these numbers a file is not read at all. */
export const MAX_PAGES = 300
export const MAX_OBJECTS = 200_000
export const MAX_DEPTH = 64
