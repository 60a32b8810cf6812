import { mutantsOf, type Mutant } from './mutant.ts'

const transcripts = 'tests/conversations/transcripts.test.ts'
const conversation = 'tests/channels/direct-line-conversation.test.ts'
const atOnce = 'tests/channels/teams/at-once.test.ts'
const tooLate = 'tests/conversations/message-too-late.test.ts'
const upload = 'tests/channels/direct-line-upload.test.ts'
const statusNotice = 'tests/proactive/status-notice.test.ts'
const secureLink = 'tests/channels/teams/secure-link.test.ts'
const teamsFiles = 'tests/channels/teams/files.test.ts'
const turns = 'tests/bot/turns.test.ts'

export const mutantsOfBot: readonly Mutant[] = [
  ...mutantsOf(
    'bot/assistant.ts',
    [transcripts],
    [
      ['if (isRepeated(scope)) return showAgain(dc)', 'if (isRepeated(scope)) return'],
      ["return message.heldRib ? say(scope, 'rib.doNotType') : undefined", 'return undefined'],
      ["if (message.tooLong) return say(scope, 'error.tooLong')", ''],
      ["const step = bringsTheFile(scope) ? 'document' :", 'const step ='],
      ['new Date(now().getTime() - HOUR_MS)', 'new Date(0)'],
    ],
  ),
  ...mutantsOf(
    'bot/commit-turn.ts',
    [transcripts, upload],
    [
      [
        'if (kept?.id === id) await deps.documents.accept(tx, id, { pages: kept.pages })',
        'if (kept?.id === id) return',
      ],
      ['else await deps.documents.discard(tx, id)', ''],
      ['await scope.draft.persist(tx)\n', '\n'],
      ['[...positions, ...edited]', '[...positions]'],
    ],
  ),
  ...mutantsOf(
    'bot/turn.ts',
    [turns, conversation],
    [
      ['return next?.activity.position === activity.position ? next : undefined', 'return next'],
      [
        'if (!isLostRace(error) || turn.isArriving || attempt === MAX_RUNS) throw error',
        'if (!isLostRace(error) || attempt === MAX_RUNS) throw error',
      ],
      ['if (!isLostRace(error) || turn.isArriving || attempt === MAX_RUNS) throw error', 'throw error'],
    ],
  ),
  ...mutantsOf(
    'bot/turns-at-once.ts',
    [tooLate, atOnce],
    [
      ['const isTooLate = () => performance.now() - begun > PATIENCE_MS', 'const isTooLate = () => begun < 0'],
      [
        "turn.conversation.memberId === memberId && (turn.conversation.channel === 'webchat' || (knows?.(turn) ?? false))",
        "turn.conversation.channel === 'webchat' || (knows?.(turn) ?? false)",
      ],
      ["if (code === 'database.unreachable' || code === 'storage.full') throw error", ''],
    ],
  ),
  ...mutantsOf(
    'bot/turns.ts',
    [turns],
    [
      ['      wokenAgain.add(id)\n', '\n'],
      [
        'for (const conversation of await deps.conversations.conversationsWithDue(olderThan)) begin(conversation)',
        'await deps.conversations.conversationsWithDue(olderThan)',
      ],
      ['await deps.lease.hold(`member:${memberId ?? id}`', 'await deps.lease.hold(`member:${id}`'],
    ],
  ),
  ...mutantsOf(
    'bot/can-wait.ts',
    [turns],
    [
      ["if (error.code === 'server.stopping' || error.code === 'storage.full') return true", ''],
      [
        "return error.code === 'database.unreachable' && now.getTime() - activity.at.getTime() < TRIED_FOR",
        "return error.code === 'database.unreachable'",
      ],
    ],
  ),
  ...mutantsOf(
    'bot/stored-files.ts',
    [turns],
    [
      ['if (isOpen(verdict)) return verdict', ''],
      ['verdicts.set(id, verdict)', ''],
    ],
  ),
  ...mutantsOf(
    'bot/read-message.ts',
    [transcripts, teamsFiles, upload],
    [
      ["if (!isAsked) return { kind: 'file', file: { verdict: 'refused', name, reason: 'unexpected' } }", ''],
      ["return (reason === 'image' || reason === 'multiple') && step !== 'document'", 'return false'],
      ['heldRib: text.includes(MASK_SIGN)', 'heldRib: false'],
    ],
  ),
  ...mutantsOf(
    'bot/take-due-turn.ts',
    [turns, conversation],
    [['if (canWait(error, turn.activity, deps.now())) throw error', '']],
  ),
  ...mutantsOf(
    'bot/proactive-sweep.ts',
    [statusNotice],
    [
      [
        'for (const { id, memberId } of await notices.place(notice)) turns.wake(id, memberId)',
        'await notices.place(notice)',
      ],
    ],
  ),
  ...mutantsOf(
    'bot/greeting.ts',
    [transcripts, secureLink, conversation],
    [
      ["if (asked?.step === 'resume' && !asked.closed && isAsked(scope)) return", ''],
      ["if (!current || nextStep(current) !== 'review') return", ''],
      ['if (current && !stands) await askNext(dc)', 'if (current) await askNext(dc)'],
    ],
  ),
  ...mutantsOf(
    'bot/go-on-in-teams.ts',
    [secureLink],
    [
      ["if (!current || nextStep(current) !== 'review') return", 'if (!current) return'],
      ['const clientId = `${name}|${current.id}|${asked.position}`', 'const clientId = `${name}|${Math.random()}`'],
    ],
  ),
  ...mutantsOf(
    'bot/turn-adapter.ts',
    [transcripts, conversation],
    [
      [
        'if (edit.position < 0) outbox.said[-edit.position - 1] = edit.body\n    else outbox.edits.push(edit)',
        'outbox.edits.push(edit)',
      ],
    ],
  ),
]
