import type { Words } from '../words/words.ts'
import { h } from './dom.ts'

export type PortalOptions = { readonly words: Words; readonly name: string; readonly onOpen: () => void }

/** What a signed-in member finds: what the service is for, what to have ready, and the way into the conversation. */
export function createPortalView({ words, name, onOpen }: PortalOptions): HTMLElement[] {
  const open = h('button', { type: 'button', class: 'button button--main button--large' }, words.say('portal.openChat'))
  open.addEventListener('click', onOpen)
  return [
    h(
      'section',
      { class: 'hero' },
      h('p', { class: 'hero__hello' }, words.say('portal.welcome', { name })),
      h('h1', { class: 'hero__title' }, words.say('portal.title')),
      h('p', { class: 'hero__lead' }, words.say('portal.lead')),
      open,
      h('p', { class: 'hero__note' }, words.say('portal.pause')),
    ),
    h(
      'div',
      { class: 'cards' },
      section(
        words.say('portal.casesTitle'),
        list(
          'ul',
          cases.map(key => words.say(key)),
        ),
      ),
      section(
        words.say('portal.stepsTitle'),
        list(
          'ol',
          steps.map(key => words.say(key)),
        ),
      ),
      section(
        words.say('portal.beforeTitle'),
        h('p', {}, words.say('portal.before')),
        h('p', { class: 'soft' }, words.say('portal.neverAskPassword')),
      ),
    ),
  ]
}

const cases = ['portal.case1', 'portal.case2', 'portal.case3'] as const
const steps = ['portal.step1', 'portal.step2', 'portal.step3', 'portal.step4'] as const

const section = (title: string, ...content: HTMLElement[]): HTMLElement =>
  h('section', { class: 'box' }, h('h2', { class: 'box__title' }, title), ...content)

const list = (kind: 'ul' | 'ol', items: readonly string[]): HTMLElement =>
  h(kind, { class: `list list--${kind}` }, ...items.map(item => h('li', {}, item)))
