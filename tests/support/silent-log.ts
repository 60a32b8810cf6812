import type { Log } from '../../services/log.ts'

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
