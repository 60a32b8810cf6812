/**
 * Functions that every viewer with forms brings along, to format, check and add up what is typed into a field. They read and
 * write their own field only.
 */
const STOCK_FUNCTIONS: ReadonlySet<string> = new Set([
  'AFDate_Format',
  'AFDate_FormatEx',
  'AFDate_Keystroke',
  'AFDate_KeystrokeEx',
  'AFMergeChange',
  'AFNumber_Format',
  'AFNumber_Keystroke',
  'AFPercent_Format',
  'AFPercent_Keystroke',
  'AFRange_Validate',
  'AFSimple_Calculate',
  'AFSpecial_Format',
  'AFSpecial_Keystroke',
  'AFSpecial_KeystrokeEx',
  'AFTime_Format',
  'AFTime_FormatEx',
  'AFTime_Keystroke',
  'AFTime_KeystrokeEx',
])

/** Characters of a script that is read at all: a list of the fields of a long form stays below. */
export const MAX_SCRIPT_LENGTH = 16_384
const MAX_NESTING = 8

/** Everything that may be there, and nothing else: no regular expression, no template, no escape of a line's end. */
const TOKEN =
  /(?<blank>[ \t\r\n]+)|(?<string>"(?:[^"\\\r\n\u2028\u2029]|\\[^\r\n\u2028\u2029])*"|'(?:[^'\\\r\n\u2028\u2029]|\\[^\r\n\u2028\u2029])*')|(?<number>\d+(?:\.\d+)?(?![\w$.]))|(?<word>[A-Za-z_]\w*(?![\w$\\]))|(?<sign>[()[\],;+-])/y

interface Token {
  readonly kind: 'string' | 'number' | 'word' | 'sign'
  readonly text: string
}

/** @returns undefined when there is anything in it that a list of calls does not need */
function tokensOf(script: string): Token[] | undefined {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < script.length) {
    const groups = TOKEN.exec(script)?.groups
    if (!groups) return undefined
    for (const kind of ['string', 'number', 'word', 'sign'] as const) {
      const text = groups[kind]
      if (text !== undefined) tokens.push({ kind, text })
    }
  }
  return tokens
}

/**
 * Whether a script is nothing but calls of stock functions whose arguments are written out: strings, numbers, booleans, null
 * and lists of them.
 */
export function isStockScript(script: string): boolean {
  const tokens = script.length <= MAX_SCRIPT_LENGTH ? tokensOf(script) : undefined
  if (!tokens || tokens.length === 0) return false
  let at = 0
  const takes = (text: string): boolean => {
    if (tokens[at]?.kind === 'string' || tokens[at]?.text !== text) return false
    at++
    return true
  }

  function isList(end: string, nesting: number): boolean {
    if (takes(end)) return true
    do if (!isLiteral(nesting)) return false
    while (takes(','))
    return takes(end)
  }

  function isLiteral(nesting: number): boolean {
    if (nesting > MAX_NESTING) return false
    if (takes('[')) return isList(']', nesting + 1)
    if (takes('new')) return takes('Array') && takes('(') && isList(')', nesting + 1)
    const isSigned = takes('-') || takes('+')
    const token = tokens?.[at++]
    if (token?.kind === 'number') return true
    return !isSigned && (token?.kind === 'string' || /^(?:true|false|null)$/.test(token?.text ?? ''))
  }

  function isCall(): boolean {
    const name = tokens?.[at++]
    return name?.kind === 'word' && STOCK_FUNCTIONS.has(name.text) && takes('(') && isList(')', 0)
  }

  while (at < tokens.length) if (!takes(';') && !isCall()) return false
  return true
}
