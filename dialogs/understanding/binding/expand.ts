import { fold } from '../normalize.ts'

const MOST_FORMS = 20_000

/**
 * Writes out, folded, a form that is written short: `(a|b) c` is "a c" and "b c", an empty alternative leaves the words out,
 * `{name}` stands for a part. Literals are folded before they are put together: a file has thousands of forms.
 * @throws {Error} when brackets do not close, a part is unknown, the forms are too many, or a sign is not of a word
 */
export function expand(form: string, parts: Readonly<Record<string, string>> = {}): string[] {
  const written = form.replace(/\{(\w+)\}/gu, (_, name: string) => {
    const part = parts[name]
    if (part === undefined) throw new Error(`no part « ${name} » for « ${form} »`)
    return `(${part})`
  })
  if (written.includes('{')) return expand(written, parts)
  const { forms, rest } = alternatives(written)
  if (rest !== '') throw new Error(`brackets do not close in « ${form} »`)
  return forms.map(words => words.replace(/ {2,}/gu, ' ').trim())
}

interface Expanded {
  readonly forms: string[]
  readonly rest: string
}

/** Reads `a|b(c|d)|e` up to the bracket that closes it, or to the end. */
function alternatives(text: string): Expanded {
  const forms: string[] = []
  let { forms: row, rest } = sequence(text)
  forms.push(...row)
  while (rest.startsWith('|')) {
    ;({ forms: row, rest } = sequence(rest.slice(1)))
    forms.push(...row)
  }
  return { forms, rest }
}

function sequence(text: string): Expanded {
  let forms = ['']
  let rest = text
  while (rest !== '' && !/^[|)]/.test(rest)) {
    const next = rest.startsWith('(') ? bracket(rest.slice(1)) : literal(rest)
    forms = forms.flatMap(before => next.forms.map(after => before + after))
    if (forms.length > MOST_FORMS) throw new Error(`too many forms in « ${text} »`)
    rest = next.rest
  }
  return { forms, rest }
}

function bracket(text: string): Expanded {
  const inner = alternatives(text)
  if (!inner.rest.startsWith(')')) throw new Error(`brackets do not close in « ${text} »`)
  return { forms: inner.forms, rest: inner.rest.slice(1) }
}

function literal(text: string): Expanded {
  const [words = ''] = /^[^|()]+/.exec(text) ?? []
  const folded = fold(words).replaceAll('-', ' ')
  if (!/^[a-z0-9\u0620-\u06ff ]*$/u.test(folded)) throw new Error(`« ${words} » holds more than words`)
  return { forms: [folded], rest: text.slice(words.length) }
}
