import type { Language } from '../../services/language.ts'
import { h, star } from '../signin/dom.ts'
import '../signin/signin.css'
import './teams-link.css'
import { createSignInForm } from '../signin/sign-in-form.ts'
import { loadWords } from '../words/load-words.ts'
import { choosePageLanguage, rememberLanguage } from '../words/page-language.ts'
import type { WordKey, Words } from '../words/words.ts'
import { askCode, signInOn, untie, type SignedIn, type TiedAccount } from './link-client.ts'
import { codeView, confirmView, messageView, tiedView } from './views.ts'

type View =
  | { readonly at: 'signIn' }
  | { readonly at: 'confirm'; readonly accountName: string; readonly ticket: string }
  | { readonly at: 'code'; readonly code: string }
  | { readonly at: 'over'; readonly title: WordKey; readonly text: WordKey }
  | { readonly at: 'tied'; readonly tied: readonly TiedAccount[]; readonly done?: WordKey }

const root = document.getElementById('root') ?? document.body
/** The secret of the chat's link. It stands behind the #, which no server and no log ever sees. */
const link = location.hash.slice(1)
let words: Words
let view: View = { at: 'signIn' }

function render(focus = true): void {
  document.documentElement.lang = words.language
  document.documentElement.dir = words.direction
  document.title = `${words.say('teamsLink.title')} – ${words.say('app.foundation')}`
  const main = h('main', { id: 'content', tabindex: '-1' }, content())
  root.replaceChildren(header(), main)
  if (focus) main.focus()
}

function show(next: View): void {
  view = next
  render()
}

function content(): HTMLElement {
  switch (view.at) {
    case 'signIn':
      return signInView()
    case 'confirm': {
      const { accountName, ticket } = view
      return confirmView(words, accountName, () => void showCode(ticket))
    }
    case 'code':
      return codeView(words, view.code)
    case 'over':
      return messageView(words, view.title, view.text)
    case 'tied':
      return tiedView({ words, ...view, onUntie: account => void remove(account) })
  }
}

function signInView(): HTMLElement {
  let signedIn: SignedIn | undefined
  return h(
    'section',
    { class: 'sign-in' },
    h('h1', { class: 'sign-in__title' }, words.say('teamsLink.title')),
    h('p', { class: 'soft' }, words.say('teamsLink.intro')),
    createSignInForm({
      words,
      mode: 'signIn',
      demo: false,
      ppr: '',
      expired: false,
      async signIn(ppr, password) {
        const answer = await signInOn(link, { ppr, password })
        signedIn = answer.signedIn
        return answer.outcome
      },
      onDone: () => signedIn && show(afterSignIn(signedIn)),
    }),
  )
}

function afterSignIn({ link: open, tied }: SignedIn): View {
  if (open) return { at: 'confirm', ...open }
  return link === '' ? { at: 'tied', tied } : { at: 'over', title: 'teamsLink.expiredTitle', text: 'teamsLink.expired' }
}

async function showCode(ticket: string): Promise<void> {
  const outcome = await askCode(link, ticket)
  if (outcome.ok) return show({ at: 'code', code: outcome.code })
  if (outcome.reason === 'expired') show({ at: 'over', title: 'teamsLink.expiredTitle', text: 'teamsLink.expired' })
  else show({ at: 'over', title: 'teamsLink.title', text: `teamsLink.${outcome.reason}` })
}

async function remove(account: string): Promise<void> {
  if (view.at !== 'tied') return
  if (!(await untie(account))) return show({ at: 'over', title: 'teamsLink.tiedTitle', text: 'teamsLink.unavailable' })
  show({ at: 'tied', tied: view.tied.filter(one => one.account !== account), done: 'teamsLink.untied' })
}

function header(): HTMLElement {
  const other: Language = words.language === 'fr' ? 'ar' : 'fr'
  const press = h(
    'button',
    { type: 'button', class: 'bar__button bar__language', lang: other, 'data-foreign': true },
    words.say('language.other'),
  )
  press.addEventListener('click', () => void changeLanguage(other))
  const brand = h('div', { class: 'bar__brand' })
  brand.append(star(), h('p', { class: 'bar__name' }, words.say('app.foundation')))
  return h('header', { class: 'bar' }, brand, h('div', { class: 'bar__buttons' }, press))
}

async function changeLanguage(language: Language): Promise<void> {
  rememberLanguage(language)
  words = await loadWords(language)
  render()
}

async function start(): Promise<void> {
  words = await loadWords(choosePageLanguage())
  render(false)
}

void start()
