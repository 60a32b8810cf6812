import { mutantsOf, type Mutant } from './mutant.ts'

const transcripts = 'tests/conversations/transcripts.test.ts'
const forged = 'tests/conversations/forged-answers.test.ts'
const lostState = 'tests/conversations/lost-dialog-state.test.ts'
const languageSwitch = 'tests/conversations/language-switch.test.ts'
const ribSecrecy = 'tests/conversations/rib-secrecy.test.ts'
const redelivery = 'tests/channels/teams/redelivery.test.ts'
const secureLink = 'tests/channels/teams/secure-link.test.ts'
const teamsRequest = 'tests/channels/teams/request.test.ts'
const teamsFiles = 'tests/channels/teams/files.test.ts'
const teamsCards = 'tests/channels/teams/cards.test.ts'

export const mutantsOfDialogs: readonly Mutant[] = [
  ...mutantsOf(
    'dialogs/standing.ts',
    [forged, transcripts],
    [
      ["if (value.draft !== draft.id) return 'other-draft'", ''],
      ['if (value.version === draft.version && value.step === expected)', 'if (value.step === expected)'],
      ['if (value.version === draft.version && value.step === expected)', 'if (value.version === draft.version)'],
      ["return isCurrent(memory.asked, current) ? 'current' : 'elsewhere'", "return 'current'"],
    ],
  ),
  ...mutantsOf(
    'dialogs/conversation-memory.ts',
    [lostState, transcripts],
    [
      ['if (!stored) return blank()', "if (!stored) throw new Error('no memory')"],
      [
        'return { state: JSON.stringify({ ...memory, asked: question }), askedPosition }',
        'return { state: JSON.stringify(memory), askedPosition }',
      ],
    ],
  ),
  ...mutantsOf(
    'dialogs/repeated-answer.ts',
    [redelivery],
    [
      ["if (scope.channel !== 'msteams' || !advanced) return false", 'if (!advanced) return false'],
      ['scope.now().getTime() - advanced.at < REPEATED_MS && ', ''],
      ['&& advanced.said === saidIn(scope)', ''],
      ['if (said !== undefined) scope.memory.advanced = { said, at: scope.now().getTime() }', 'void said'],
    ],
  ),
  ...mutantsOf(
    'dialogs/ask.ts',
    [transcripts, ribSecrecy],
    [
      ['scope.memory.asked = { ...asked, closed: true }', ''],
      ['  await closeAsked(context)\n  const token', '  const token'],
      ['if (!asked || asked.closed) return', 'if (!asked) return'],
      ['const language = closed ? scope.language : asked.language', 'const { language } = scope'],
    ],
  ),
  ...mutantsOf(
    'dialogs/fallback.ts',
    [transcripts],
    [['const misses = ++scope.memory.misses', 'const misses = scope.memory.misses + 1']],
  ),
  ...mutantsOf(
    'dialogs/prompts/question-prompt.ts',
    [transcripts],
    [
      ['      scope.memory.misses = 0\n      if (outcome.closed)', '      if (outcome.closed)'],
      ['return Promise.resolve(false)', 'return super.onPreBubbleEvent()'],
      ['if (outcome.again) await ask(', 'if (outcome.again === undefined) await ask('],
    ],
  ),
  ...mutantsOf(
    'dialogs/refresh-draft.ts',
    [transcripts, 'tests/services/requests/submission.test.ts'],
    [
      ['scope.draft.change(forget(draft, outdated))', ''],
      ["scope.draft.change(forget(draft, 'beneficiary'))", ''],
    ],
  ),
  ...mutantsOf(
    'dialogs/request-dialog.ts',
    [transcripts],
    [
      ['if (scope.submission) return SUBMIT', ''],
      ['scope.draft.submitted()', ''],
    ],
  ),
  ...mutantsOf(
    'dialogs/confirmation-dialogs.ts',
    [transcripts],
    [
      ["if (decisionOn('cancel', scope) === 'no') return beginRequest(step)", ''],
      ["if (decisionOn('restart', scope) === 'no') return beginRequest(step)", ''],
      ["if (decisionOn('resume', scope) === 'yes') return beginRequest(step)", ''],
      ['scope.draft.abandon()\n', '\n'],
    ],
  ),
  ...mutantsOf(
    'dialogs/interruptions.ts',
    [transcripts, languageSwitch],
    [
      ['if (!hasAnswers(draft)) return askNext(dc)', ''],
      ['if (draft && !hasAnswers(draft)) return askNext(dc)', ''],
      ["if (!previous) return digress(dc, say(scope, 'back.first'))", 'if (!previous) return askNext(dc)'],
      ['chooseLanguage(scope, language)\n', '\n'],
      ['if (scopeOf(dc.context).draft.current) await askAgain(dc)\n}', '}'],
      ["return isOnPage ? 'securePage.help' : `help.${step}`", 'return `help.${step}`'],
    ],
  ),
  ...mutantsOf(
    'dialogs/history-dialog.ts',
    [transcripts],
    [['Number.isSafeInteger(from) && from > 0 ? from : 0', '0']],
  ),
  ...mutantsOf(
    'dialogs/channel-policy.ts',
    [teamsRequest, 'tests/channels/teams/rib.test.ts', secureLink],
    [
      ["showsRib: teams?.ribInTeams === 'full'", 'showsRib: true'],
      ["takesHealthData: teams?.healthDataInTeams !== 'secure-link'", 'takesHealthData: true'],
    ],
  ),
  ...mutantsOf(
    'dialogs/questions/on-secure-page.ts',
    [secureLink],
    [["question.name === 'motif' || question.name === 'document'", "question.name === 'document'"]],
  ),
  ...mutantsOf(
    'dialogs/questions/review.ts',
    [transcripts, secureLink],
    [
      ["scope.policy.takesHealthData ? value : say(scope, 'securePage.given')", 'value'],
      [
        'const changed = refreshDraft(scope)\n  if (changed) return',
        'const changed = refreshDraft(scope)\n  if (changed && !scope) return',
      ],
      ["const canEdit = token && (step !== 'person' || others)", 'const canEdit = token'],
    ],
  ),
  ...mutantsOf(
    'dialogs/questions/beneficiary.ts',
    [transcripts],
    [
      ["if (who !== 'member' && relatives.length === 0) {", 'if (relatives.length < 0) {'],
      [
        'scope.draft.change(chooseBeneficiary(openDraft(scope), who, relatives))',
        'scope.draft.change(chooseBeneficiary(openDraft(scope), who, []))',
      ],
    ],
  ),
  ...mutantsOf(
    'dialogs/questions/document.ts',
    [transcripts, teamsFiles],
    [
      [
        "if (file.verdict !== 'accepted') return { result: 'stays', told: tellRefusal(scope, file), again: true }",
        "if (file.verdict !== 'accepted') return { result: 'stays', told: tellRefusal(scope, file), again: false }",
      ],
    ],
  ),
  ...mutantsOf(
    'dialogs/present.ts',
    [ribSecrecy, teamsCards, teamsRequest],
    [['? { rib: maskRib(scope.member.rib) } : {}', '? { rib: scope.member.rib } : {}']],
  ),
  ...mutantsOf(
    'dialogs/questions/rib.ts',
    [ribSecrecy, transcripts],
    [['number(token ? RIB_PLACEHOLDER : maskRib(rib))', 'number(RIB_PLACEHOLDER)']],
  ),
]
