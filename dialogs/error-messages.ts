import type { MessageKey } from '../locales/translator.ts'
import type { ErrorCode } from '../services/errors.ts'

/** What a member is told when something breaks. A code without a sentence does not compile. */
export const errorMessages = {
  'database.failed': 'error.generic',
  'database.nested': 'error.generic',
  'database.unreachable': 'error.serviceDown',
  'redis.unreachable': 'error.serviceDown',
  'storage.full': 'error.storageFull',
  'data-dir.in-use': 'error.generic',
  'migration.from-future': 'error.generic',
  'lease.timeout': 'error.timeout',
  'config.invalid': 'error.generic',
  'key.unknown': 'error.generic',
  'sealed.broken': 'error.generic',
  'draft.changed': 'error.timeout',
  'document.check-busy': 'document.reject.busy',
  'operator.broken': 'error.generic',
  'server.stopping': 'error.serviceDown',
  'app-token.refused': 'error.serviceDown',
  'graph.throttled': 'error.serviceDown',
  'graph.unavailable': 'error.serviceDown',
  'graph.refused': 'error.serviceDown',
  invariant: 'error.generic',
} satisfies Record<ErrorCode, MessageKey>
