import { h } from '../signin/dom.ts'
import type { WordKey, Words } from '../words/words.ts'
import type { TiedAccount } from './link-client.ts'

const section = (title: string, ...content: (HTMLElement | undefined)[]): HTMLElement =>
  h('section', { class: 'sign-in' }, h('h1', { class: 'sign-in__title' }, title), ...content)

function button(label: string, onPress: () => void, kind = 'button--main'): HTMLButtonElement {
  const made = h('button', { type: 'button', class: `button ${kind}` }, label)
  made.addEventListener('click', onPress)
  return made
}

/** Whose account it is stands here before any code does. */
export function confirmView(words: Words, accountName: string, onConfirm: () => void): HTMLElement {
  return section(
    words.say('teamsLink.confirmTitle'),
    h('p', { class: 'teams-account' }, words.say('teamsLink.confirmAccount', { account: accountName })),
    h('p', { class: 'soft' }, words.say('teamsLink.confirmWarning')),
    button(words.say('teamsLink.showCode'), onConfirm),
  )
}

export function codeView(words: Words, code: string): HTMLElement {
  return section(
    words.say('teamsLink.codeTitle'),
    h('p', { class: 'teams-code', dir: 'ltr', tabindex: '-1' }, code),
    h('p', { class: 'soft' }, words.say('teamsLink.codeHow')),
  )
}

export function messageView(words: Words, title: WordKey, text: WordKey): HTMLElement {
  return section(words.say(title), h('p', { class: 'soft', role: 'status' }, words.say(text)))
}

export type TiedOptions = {
  readonly words: Words
  readonly tied: readonly TiedAccount[]
  /** Said above, of what was just done. */
  readonly done?: WordKey
  readonly onUntie: (account: string) => void
}

export function tiedView({ words, tied, done, onUntie }: TiedOptions): HTMLElement {
  const lines = tied.map(({ account, name }) => {
    const press = button(words.say('teamsLink.untie'), () => onUntie(account), 'button--quiet')
    press.setAttribute('aria-label', words.say('teamsLink.untieAccount', { account: name }))
    return h('li', { class: 'teams-tied__line' }, h('span', {}, name), press)
  })
  return section(
    words.say('teamsLink.tiedTitle'),
    done && h('p', { role: 'status' }, words.say(done)),
    lines.length > 0
      ? h('ul', { class: 'teams-tied' }, ...lines)
      : h('p', { class: 'soft' }, words.say('teamsLink.tiedNone')),
  )
}
