import { mutantsOf, type Mutant } from './mutant.ts'

const transcripts = 'tests/conversations/transcripts.test.ts'
const conversationStore = 'tests/services/conversations/conversation-store.test.ts'
const arrivingTurn = 'tests/services/conversations/arriving-turn.test.ts'
const submission = 'tests/services/requests/submission.test.ts'
const draft = 'tests/services/drafts/draft.test.ts'
const draftStore = 'tests/services/drafts/draft-store.test.ts'
const keys = 'tests/services/keys/keys.test.ts'
const atRest = 'tests/services/documents/document-at-rest.test.ts'
const documentStore = 'tests/services/documents/document-store.test.ts'
const statusNotice = 'tests/proactive/status-notice.test.ts'
const statusCommand = 'tests/proactive/status-command.test.ts'
const teamsProactive = 'tests/proactive/teams.test.ts'
const housekeeping = 'tests/services/housekeeping.test.ts'
const history = 'tests/services/requests/history.test.ts'
const deliveries = 'tests/services/conversations/teams-deliveries.test.ts'
const afterSubmission = 'tests/services/notifications/after-submission.test.ts'
const archiveFaults = 'tests/services/notifications/archive-faults.test.ts'
const archive = 'tests/services/notifications/archive.test.ts'
const rotation = 'tests/operations/key-rotation.test.ts'

export const mutantsOfServices: readonly Mutant[] = [
  ...mutantsOf(
    'services/drafts/draft.ts',
    [draft],
    [
      ['if (draft.editing) return draft.editing', ''],
      ["person: draft => draft.beneficiary === 'member' || draft.relativeId !== undefined", 'person: () => true'],
      ["if (beneficiary === 'member' || !only || another)", "if (beneficiary === 'member' || !only)"],
      ["const base = without(draft, 'editing', 'relativeId')", "const base = without(draft, 'editing')"],
      ["return { ...without(draft, 'editing'), motif }", 'return { ...draft, motif }'],
      ["return { ...without(draft, 'editing'), document }", 'return { ...draft, document }'],
      ["return edit(draft, 'document')\n  }\n}", "return without(draft, 'document')\n  }\n}"],
      ["if (draft.editing) return without(draft, 'editing')", ''],
      ["'motif', 'document', 'editing')\n}", "'motif', 'document', 'editing', 'consent' as never)\n}"],
      ["step === 'rib' ? without(draft, 'ribHash')", "step === 'rib' ? without(draft, 'ribHash', 'motif')"],
      ["steps.filter(step => step !== 'person' || asksForPerson)", 'steps.filter(() => asksForPerson)'],
      [
        'return Boolean(ribHash ?? beneficiary ?? motif ?? document)',
        'return Boolean(beneficiary ?? motif ?? document)',
      ],
    ],
  ),
  ...mutantsOf(
    'services/drafts/draft-store.ts',
    [draftStore, transcripts],
    [
      [
        'await tx.query(`delete from document where dossier_id = $1 and state',
        'if (false) await tx.query(`delete from document where dossier_id = $1 and state',
      ],
      ["state = 'accepted' and id is distinct from $2`", "state = 'accepted'`"],
      ['version = version + 1\n', 'version = version\n'],
      [
        'where id = ${id} and version = ${read} and ${condition}',
        'where id = ${id} and ${read}::int > 0 and ${condition}',
      ],
      ["await tx.query('delete from document where dossier_id = $1', [draft.id])", ''],
      ["await tx.query('delete from document where dossier_id = any($1::uuid[])', [ids])", ''],
      [
        "'delete from draft where updated_at < $1 returning id'",
        "'delete from draft where updated_at > $1 returning id'",
      ],
      ["'delete from draft where id = $1 and version = $2'", "'delete from draft where id = $1 and $2::int > 0'"],
      ['where draft.member_id = $1`', 'where draft.member_id is not null or draft.member_id = $1`'],
    ],
  ),
  ...mutantsOf(
    'services/drafts/draft-session.ts',
    [transcripts, draftStore],
    [
      ['if (loaded && isReplaced()) await drafts.abandon(tx, loaded, loaded.version)', ''],
      [
        'isSubmitted || isReplaced() || hasOtherDocument() ? undefined : change()',
        'isSubmitted || isReplaced() ? undefined : change()',
      ],
      ['if (current && hasOtherDocument()) await drafts.dropReplacedDocuments(tx, current)', ''],
      ['loaded.version + 1 : next.version', 'loaded.version : next.version'],
    ],
  ),
  ...mutantsOf(
    'services/requests/submission.ts',
    [submission],
    [
      ['if (!rib || rib !== member.rib) throw changed()', 'if (!rib) throw changed()'],
      ['if (!rows[0]) throw changed()\n', "if (!rows[0]) return ''\n"],
      ['drafts.close(tx, draft, submission.read),', ''],
      [
        "'select name from relative where id = $1 and member_id = $2 for share'",
        "'select name from relative where id = $1 and $2::uuid is not null for share'",
      ],
      ["greatest(6, length(last::text)), '0')", "6, '0')"],
      ['set last = dossier_counter.last + 1 returning last', 'set last = dossier_counter.last + 2 returning last'],
      ["'dossier.submitted', id::text from dossier)", "'dossier.submitted', id::text from dossier where false)"],
      ["'submitted', $15::timestamptz from dossier)", "'submitted', $15::timestamptz from dossier where false)"],
      [
        "draft.beneficiary === 'member' || relative?.kind === draft.beneficiary",
        "draft.beneficiary === 'member' || relative !== undefined",
      ],
      ['&& document && !draft.editing)', '&& document)'],
    ],
  ),
  ...mutantsOf(
    'services/requests/confirmed-rib.ts',
    [submission, transcripts],
    [['if (isSame && key) remember(key)', 'if (key) remember(key)']],
  ),
  ...mutantsOf(
    'services/requests/history.ts',
    [history],
    [
      [
        "'select number from dossier where id = $1 and member_id = $2'",
        "'select number from dossier where id = $1 and $2::uuid is not null'",
      ],
      [
        'where member_id = $1 order by submitted_at desc, number desc offset',
        'where member_id = $1 order by submitted_at, number offset',
      ],
      [
        'where member_id = $1 and submitted_at >= $2 order by',
        'where member_id = $1 and $2::timestamptz is not null order by',
      ],
    ],
  ),
  ...mutantsOf(
    'services/requests/history.ts',
    [statusNotice],
    [
      ["later.kind = 'status' and later.id > e.id)", "later.kind = 'status' and later.id > e.id and false)"],
      ["e.kind = 'status' and d.member_id = $2 and", "e.kind = 'status' and $2::uuid is not null and"],
    ],
  ),
  ...mutantsOf(
    'services/requests/status-changes.ts',
    [statusCommand],
    [
      ['and before.status <> wanted.status', ''],
      ['if (problems.length + unknown.length > 0)', 'if (problems.length > 0)'],
      ['if (told.length > 0) await notices.notify(tx, told)', ''],
      ["'dossier.status', id::text from changed", "'dossier.status', id::text from changed where false"],
    ],
  ),
  ...mutantsOf(
    'services/conversations/end-turn-statement.ts',
    [conversationStore, arrivingTurn],
    [
      ['and last_seq = $2 - 1 and closed_at is null', 'and $2::int > 0 and closed_at is null'],
      ['and last_seq = $2 - 1 and closed_at is null', 'and last_seq = $2 - 1'],
      [
        'where conversation_id = open.id and position = $2 and due ${condition} returning',
        'where conversation_id = open.id and position = $2 ${condition} returning',
      ],
      ['seq = before - ${edited} + edit.place', 'seq = seq'],
      ["last_at = greatest($3, last_at + interval '1 millisecond')", 'last_at = $3'],
      [
        'when $6::int < 0 then last_seq + ${taken - said} - $6::int',
        'when $6::int < 0 then last_seq + ${taken} - $6::int',
      ],
    ],
  ),
  ...mutantsOf(
    'services/conversations/end-turn.ts',
    [arrivingTurn],
    [['if (before - edits.length !== seq || edited.length !== edits.length) return undefined', '']],
  ),
  ...mutantsOf(
    'services/conversations/due-turn.ts',
    [arrivingTurn, 'tests/channels/teams/at-once.test.ts'],
    [
      ['if (known !== null) return', 'if (known === -1) return'],
      ["if (conversation.closedAt) return { taken: 'closed' }", ''],
      [
        'if (waiting || !isDeepStrictEqual(place?.reference, reference))',
        'if (!isDeepStrictEqual(place?.reference, reference))',
      ],
      ['if (waiting || !isDeepStrictEqual(place?.reference, reference))', 'if (waiting)'],
    ],
  ),
  ...mutantsOf(
    'services/conversations/clean-text.ts',
    [conversationStore],
    [
      ['{ ...body, text, truncated: true }', '{ ...body, text }'],
      ['const unstorable = /[\\0\\p{Surrogate}]/gu', 'const unstorable = /[\\0]/gu'],
    ],
  ),
  ...mutantsOf(
    'services/conversations/teams-deliveries.ts',
    [deliveries, 'tests/channels/teams/recovery.test.ts', 'tests/channels/teams/delivery.test.ts'],
    [
      ['set delivered_seq = greatest(delivered_seq, $6), attempts = 0', 'set attempts = 0'],
      ['a.seq > t.delivered_seq and a.direction', 'a.seq >= t.delivered_seq and a.direction'],
      ['where t.blocked_at is null and (t.retry_at is null', 'where (t.retry_at is null'],
      ["and position = any($2) and state = 'sending'", "and position = any($2) and state = 'sent'"],
    ],
  ),
  ...mutantsOf(
    'services/conversations/teams-conversations.ts',
    ['tests/channels/teams/delivery.test.ts'],
    [
      ['and not exists (select from conversation where id = $1 and active_at > $3)', ''],
      [
        'delivered_seq = case when t.blocked_at is null then t.delivered_seq\n    else',
        'delivered_seq = case when true then t.delivered_seq\n    else',
      ],
    ],
  ),
  ...mutantsOf(
    'services/keys/seal.ts',
    [keys],
    [
      [
        'return Buffer.concat([header, Buffer.from(associated, ',
        'return Buffer.concat([header, Buffer.from(associated.slice(0, 0), ',
      ],
      ['const nonce = randomBytes(nonceBytes)', 'const nonce = Buffer.alloc(nonceBytes)'],
    ],
  ),
  ...mutantsOf(
    'services/keys/keyed-hash.ts',
    [keys],
    [
      [
        'return expected.length === hash.length && timingSafeEqual(expected, hash)',
        'return expected.length === hash.length',
      ],
    ],
  ),
  ...mutantsOf(
    'services/keys/keyring.ts',
    [keys],
    [
      ["'moussaada', purpose, 32)", "'moussaada', '', 32)"],
      ['if (byId.size < secrets.length) throw', 'if (byId.size < 0) throw'],
      ['if (bytes.length < minimumSecretBytes)', 'if (bytes.length < 1)'],
    ],
  ),
  ...mutantsOf(
    'services/documents/document-sealing.ts',
    [atRest],
    [
      ["/${number}/${isLast ? 'last' : 'more'}`", "/${number}/${isLast ? '' : ''}`"],
      ["/${number}/${isLast ? 'last' : 'more'}`", "/${isLast ? 'last' : 'more'}`"],
      ['if (expected !== actual)', 'if (expected < 0)'],
      ['=> `${dossierId}/${documentId}`', "=> `${dossierId}/${documentId && ''}`"],
    ],
  ),
  ...mutantsOf(
    'services/documents/document-store.ts',
    [documentStore],
    [
      ['and not exists (select from dossier where dossier.document_id = document.id)`', '`'],
      ['and not exists (select from draft where draft.document_id = document.id)', ''],
      ["if (!found || found.document.state === 'receiving') throw", 'if (!found) throw'],
      ["where id = $1 and state <> 'receiving'`", 'where id = $1`'],
    ],
  ),
  ...mutantsOf(
    'services/proactive/proactive-notices.ts',
    [statusNotice, teamsProactive],
    [
      ['on conflict (kind, subject, version) do nothing`', '`'],
      ["await database.query('update proactive_notice set taken_at = $2 where id = $1', [notice.id, now()])", ''],
      [
        'clientId: `${channelEvents.proactive}|${kind}|${subject}|${version}`',
        'clientId: `${channelEvents.proactive}|${Math.random()}`',
      ],
      ['a.account = t.account and a.member_id = c.member_id) as', 'a.account = t.account) as'],
    ],
  ),
  ...mutantsOf(
    'services/proactive/draft-reminders.ts',
    [teamsProactive],
    [
      ['n.subject = draft.id::text) < $4::int', 'n.subject = draft.id::text) < $4::int + 5'],
      ['if (hourNow < DECENT_HOURS.from || hourNow >= DECENT_HOURS.to) return', ''],
      ['and c.active_at > $2)', 'and c.active_at > $2 and false)'],
    ],
  ),
  ...mutantsOf(
    'services/housekeeping.ts',
    [housekeeping],
    [
      ['await kept.drafts.expire(before(IDLE_DRAFT_MS))', 'await kept.drafts.expire(before(IDLE_DRAFT_MS * 10))'],
      ['await kept.documents.sweep(before(ORPHAN_MS))', 'await Promise.resolve(0)'],
    ],
  ),
  ...mutantsOf(
    'services/notifications/notification-store.ts',
    [archive, archiveFaults, 'tests/services/notifications/mail.test.ts'],
    [
      ["if (row?.state !== 'pending') return undefined", 'if (!row) return undefined'],
      ['set external_id = coalesce(external_id, $3)', 'set external_id = $3'],
      ["and created_at < $6 then 'failed'", "and created_at < $6 and false then 'failed'"],
    ],
  ),
  ...mutantsOf(
    'services/rotation/sealed-rows.ts',
    [rotation],
    [['limit ${BATCH} for no key update skip locked`', 'limit ${BATCH}`']],
  ),
  ...mutantsOf(
    'services/notifications/notifications.ts',
    [afterSubmission, archive],
    [
      ['for (const kind of kinds) await jobs.send(tx', 'for (const kind of kinds.slice(1)) await jobs.send(tx'],
      ['throw new AppError(errorCodes[outcome.cause], outcome.reason)', ''],
    ],
  ),
]
