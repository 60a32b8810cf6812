/** 20 MB, counted in bytes of the plain file. */
export const MAX_DOCUMENT_BYTES = 20 * 1024 * 1024
