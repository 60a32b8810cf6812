import type { RateLimit } from '../../../services/storage/rate-limiter.ts'

const KB = 1024
const MB = 1024 * KB
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Bytes of a JSON body, and of the activity in an upload. */
export const BODY_LIMIT = 256 * KB
/** Bytes of what opens a conversation or asks for a token. */
export const OPENING_LIMIT = 16 * KB
/** Bytes of one file. */
export const FILE_LIMIT = 20 * MB
/** busboy counts the activity as a file: ten files and it. */
export const FILES_LIMIT = 11
/** Bytes of an upload that are still read to the end, so that the assistant can say what is wrong with the file. */
export const UPLOAD_LIMIT = 64 * MB
/** UTF-16 units of a file's name that are kept. */
export const FILE_NAME_LIMIT = 120

export const TOKEN_LIFETIME = 30 * MINUTE
/** A client opens its socket at once after it got the address, and asks for another address to come back. */
export const TICKET_LIFETIME = MINUTE
export const FILE_LINK_LIFETIME = 30 * MINUTE

/** Bytes of a frame from a client, which has nothing to send but empty ones. */
export const FRAME_LIMIT = 64 * KB
export const FRAMES_A_MINUTE = 60
export const SOCKETS_OF_A_MEMBER = 10
/** A socket ends after so long at most; its page comes back with a token that is looked at again. */
export const SOCKET_LIFETIME = 2 * HOUR
export const PING_INTERVAL = 30 * SECOND
/** A socket reads without being told to, in case a notice was lost. */
export const REREAD_INTERVAL = 15 * SECOND
/** Activities in one frame or page. */
export const PAGE = 60

/** A member who comes back after so long is asked whether to go on. */
export const RETURN_AFTER = 24 * HOUR

export const messageLimit: RateLimit = { name: 'directline.message', points: 30, seconds: 60 }
/** Files that are read: those that come when none is asked for cost nothing and do not count. Ten photos and a PDF pass. */
export const uploadLimit: RateLimit = { name: 'directline.upload', points: 30, seconds: 600 }
/** Pieces of files. On the slowest line that a page takes for one, its pieces of 64 KiB come less often. */
export const pieceLimit: RateLimit = { name: 'directline.piece', points: 2400, seconds: 600 }
/** How long an unfinished upload can be taken up again. */
export const UPLOAD_LIFETIME = 24 * HOUR
/** How often the assistant says that it is too much at once. */
export const limitNotice: RateLimit = { name: 'directline.limit-notice', points: 1, seconds: 60 }
/** Reads of activities: several tabs that ask each second, and a reader who loads what is above. */
export const readLimit: RateLimit = { name: 'directline.read', points: 600, seconds: 60 }
export const fileLimit: RateLimit = { name: 'directline.file', points: 60, seconds: 60 }
export const openLimit: RateLimit = { name: 'directline.open', points: 60, seconds: 60 }
export const connectLimit: RateLimit = { name: 'directline.connect', points: 60, seconds: 60 }
export const refreshLimit: RateLimit = { name: 'directline.refresh', points: 10, seconds: 60 }
