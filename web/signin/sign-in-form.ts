import type { Words } from '../words/words.ts'
import { h } from './dom.ts'
import { activate, signIn } from './session.ts'
import type { SignInOutcome } from './session.ts'

export type FormMode = 'signIn' | 'activate'
export type FormOptions = {
  readonly words: Words
  readonly mode: FormMode
  readonly demo: boolean
  /** Typed before the language or the mode changed. */
  readonly ppr: string
  readonly expired: boolean
  /** Undefined: an account is not activated from here. */
  readonly onMode?: (mode: FormMode, ppr: string) => void
  /** In place of the portal's own way to sign in. */
  readonly signIn?: (ppr: string, password: string) => Promise<SignInOutcome>
  readonly onDone: () => void
}

const demoAccount = { ppr: '1000001', password: 'demo' }

/** Sign-in, or the first one with a code; errors are read out and the field to mend takes the focus. */
export function createSignInForm(options: FormOptions): HTMLElement {
  const { words, mode } = options
  const error = h('p', { class: 'form__error', id: 'form-error', role: 'alert' })
  const ppr = pprField(options)
  const code = mode === 'activate' ? codeField(words) : undefined
  const password = passwordField(options)
  const submit = h('button', { type: 'submit', class: 'button button--main' }, submitLabel(options))
  const form = h(
    'form',
    { class: 'form', novalidate: true },
    ppr.block,
    code?.block,
    password.block,
    error,
    submit,
    options.onMode && switchMode(options, options.onMode, ppr.input),
    options.demo && mode === 'signIn' && h('p', { class: 'form__demo' }, words.say('signIn.demo', demoAccount)),
  )

  const inputs = [ppr.input, ...(code ? [code.input] : []), password.input]
  form.addEventListener('submit', event => {
    event.preventDefault()
    void attempt()
  })

  function fail(sentence: string, field: HTMLInputElement | undefined): void {
    error.textContent = sentence
    for (const input of inputs) input.setAttribute('aria-invalid', String(input === field))
    ;(field ?? submit).focus()
  }

  async function attempt(): Promise<void> {
    if (submit.getAttribute('aria-disabled') === 'true') return
    const empty = inputs.find(input => input.value.trim() === '')
    if (empty) return fail(words.say(mode === 'signIn' ? 'signIn.missing' : 'signIn.missingActivation'), empty)
    setBusy(true)
    const values = [ppr.input.value.trim(), code?.input.value.trim() ?? '', password.input.value] as const
    const outcome = await (mode === 'signIn' ? (options.signIn ?? signIn)(values[0], values[2]) : activate(...values))
    setBusy(false)
    if (outcome.ok) return options.onDone()
    const isNoField = outcome.reason === 'unavailable' || outcome.reason === 'cookiesNeeded'
    fail(sentenceFor(outcome, options), isNoField ? undefined : password.input)
  }

  function setBusy(busy: boolean): void {
    submit.setAttribute('aria-disabled', String(busy))
    submit.textContent = busy ? words.say('signIn.inProgress') : submitLabel(options)
    if (busy) error.textContent = ''
  }

  if (options.expired) error.textContent = words.say('signIn.sessionExpired')
  return form
}

const submitLabel = ({ words, mode }: FormOptions): string =>
  words.say(mode === 'signIn' ? 'signIn.submit' : 'signIn.activate')

function sentenceFor(outcome: Exclude<SignInOutcome, { ok: true }>, { words, mode }: FormOptions): string {
  if (outcome.reason === 'knownDevicesOnly') return words.count('signIn.knownDevicesOnly', outcome.hours)
  if (outcome.reason === 'busy') return words.count('signIn.busy', outcome.seconds)
  if (outcome.reason === 'wrongCredentials' && mode === 'activate') return words.say('signIn.wrongActivation')
  return words.say(`signIn.${outcome.reason}`)
}

type Field = { readonly block: HTMLElement; readonly input: HTMLInputElement }

function field(label: string, attributes: Record<string, string>, hint?: string): Field {
  const id = attributes['id'] ?? ''
  const described = hint === undefined ? 'form-error' : `${id}-hint form-error`
  // Numbers, codes and passwords are written from left to right in both languages.
  const input = h('input', {
    class: 'field__input',
    dir: 'ltr',
    required: true,
    'aria-describedby': described,
    ...attributes,
  })
  const block = h(
    'div',
    { class: 'field' },
    h('label', { class: 'field__label', for: id }, label),
    hint !== undefined && h('p', { class: 'field__hint', id: `${id}-hint` }, hint),
    h('div', { class: 'field__box' }, input),
  )
  return { block, input }
}

function pprField({ words, ppr }: FormOptions): Field {
  const attributes = { id: 'ppr', name: 'ppr', inputmode: 'numeric', autocomplete: 'username', value: ppr }
  return field(words.say('signIn.pprLabel'), attributes, words.say('signIn.pprHint'))
}

const codeField = (words: Words): Field =>
  field(words.say('signIn.codeLabel'), {
    id: 'code',
    name: 'code',
    autocomplete: 'one-time-code',
    autocapitalize: 'characters',
  })

function passwordField({ words, mode }: FormOptions): Field {
  const isNew = mode === 'activate'
  const made = field(
    words.say(isNew ? 'signIn.newPasswordLabel' : 'signIn.passwordLabel'),
    { id: 'password', name: 'password', type: 'password', autocomplete: isNew ? 'new-password' : 'current-password' },
    isNew ? words.say('signIn.newPasswordHint') : undefined,
  )
  const toggle = h('button', { type: 'button', class: 'field__toggle', 'aria-controls': 'password' })
  const show = (visible: boolean): void => {
    made.input.type = visible ? 'text' : 'password'
    toggle.textContent = words.say(visible ? 'signIn.hidePassword' : 'signIn.showPassword')
  }
  toggle.addEventListener('click', () => show(made.input.type === 'password'))
  show(false)
  made.block.append(toggle)
  return made
}

function switchMode(
  { words, mode }: FormOptions,
  onMode: NonNullable<FormOptions['onMode']>,
  ppr: HTMLInputElement,
): HTMLElement {
  const label = words.say(mode === 'signIn' ? 'signIn.firstTime' : 'signIn.haveAccount')
  const button = h('button', { type: 'button', class: 'link' }, label)
  button.addEventListener('click', () => onMode(mode === 'signIn' ? 'activate' : 'signIn', ppr.value))
  return button
}
