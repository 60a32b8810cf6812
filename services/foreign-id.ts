import { z } from 'zod'

/** Characters. Teams' longest ids, of chats in a meeting, have about 200. */
export const FOREIGN_ID_LIMIT = 500

/**
 * An id that somebody else issues: Entra, Teams, Graph. Nothing is known of its shape, since directories that were
 * migrated and Microsoft's own tools have ids that are no RFC 9562 UUID. It has no control characters: PostgreSQL cannot
 * store NUL, and the rest does not belong into a log or an address.
 */
export const foreignId = z
  .string()
  .min(1)
  .max(FOREIGN_ID_LIMIT)
  .regex(/^\P{Cc}+$/u)

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A GUID is the same in capitals; any other id is compared as its issuer wrote it. */
export const canonicalId = (id: string): string => (guid.test(id) ? id.toLowerCase() : id)
