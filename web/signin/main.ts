import type { Language } from '../../services/language.ts'
import { loadWords } from '../words/load-words.ts'
import { asLanguage, choosePageLanguage, rememberLanguage } from '../words/page-language.ts'
import type { WordKey, Words } from '../words/words.ts'
import { h, star } from './dom.ts'
import { createPortalView } from './portal-view.ts'
import { announceSessionChange, isSigningOut, onSessionChange } from '../session-changes.ts'
import { readSession } from './session.ts'
import type { Session } from './session.ts'
import { comeFromTeams, linkFromTeams, type Coming } from './sent-from-teams.ts'
import './signin.css'
import { createSignInForm } from './sign-in-form.ts'
import type { FormMode } from './sign-in-form.ts'
import { createSignOut } from './sign-out.ts'
import { loadWidget } from './widget.ts'

type Page = {
  words: Words
  session: Session
  mode: FormMode
  ppr: string
  expired: boolean
  coming?: Coming | undefined
  /** While the server has not confirmed the sign-out, nothing but that is shown. */
  leaving?: 'trying' | 'failed' | undefined
}

const root = document.getElementById('root') ?? document.body
let page: Page
let widget: ReturnType<typeof loadWidget> | undefined

/** Renders anew and puts the focus where the change is, when there was one. */
function render(focus?: string): void {
  const { words } = page
  document.documentElement.lang = words.language
  document.documentElement.dir = words.direction
  document.title = `${words.say('portal.title')} – ${words.say('app.foundation')}`
  // Nothing of a conversation is within reach while it is not known who sits here.
  for (const launcher of document.querySelectorAll<HTMLElement>('moussaada-launcher')) launcher.hidden = page.expired
  root.replaceChildren(
    skipLink(words),
    header(page),
    h('main', { id: 'content', tabindex: '-1' }, ...content(page)),
    footer(words),
  )
  if (focus) root.querySelector<HTMLElement>(focus)?.focus()
}

function content({ words, session, mode, ppr, expired, leaving }: Page): HTMLElement[] {
  if (leaving) return [leavingNotice(words, leaving)]
  if (session.signedIn && !expired) {
    return [...refusedLink(page), ...createPortalView({ words, name: session.name, onOpen: () => widget?.open() })]
  }
  const isNew = mode === 'activate'
  return [
    h(
      'section',
      { class: 'sign-in' },
      h('h1', { class: 'sign-in__title' }, words.say(isNew ? 'signIn.activateTitle' : 'signIn.title')),
      h('p', { class: 'sign-in__service' }, words.say('app.serviceName')),
      h('p', { class: 'soft' }, words.say(introOf(mode))),
      createSignInForm({
        words,
        mode,
        ppr,
        expired,
        demo: !session.signedIn && session.demo,
        onMode: (next, typed) =>
          change({ mode: next, ppr: typed }, typed === '' ? '#ppr' : isNew ? '#password' : '#code'),
        onDone: () => void signedIn(),
      }),
    ),
  ]
}

function leavingNotice(words: Words, leaving: 'trying' | 'failed'): HTMLElement {
  const isFailed = leaving === 'failed'
  const retry = h('button', { type: 'button', class: 'button button--main' }, words.say('widget.retry'))
  retry.addEventListener('click', () => out.resume())
  return h(
    'section',
    { class: 'sign-in sign-in--leaving' },
    h('h1', { class: 'sign-in__title' }, words.say('button.signOut')),
    h('p', { role: isFailed ? 'alert' : 'status' }, words.say(isFailed ? 'signOut.failed' : 'signOut.inProgress')),
    isFailed && retry,
  )
}

function introOf(mode: FormMode): WordKey {
  if (mode === 'activate') return 'signIn.activateIntro'
  return linkFromTeams() === undefined ? 'signIn.intro' : 'securePage.intro'
}

/** Why the link that led here leads no further. */
function refusedLink({ words, coming }: Page): HTMLElement[] {
  if (coming !== 'otherMember' && coming !== 'expired') return []
  return [h('p', { class: 'notice', role: 'alert' }, words.say(`securePage.${coming}`))]
}

/** Whoever was sent here from Teams finds the chat open, unless the link was not theirs. */
async function come(): Promise<void> {
  const link = linkFromTeams()
  if (link === undefined || !page.session.signedIn) return
  const coming = await comeFromTeams(link)
  if (coming === 'ok' || coming === 'unavailable') return widget?.open()
  change({ coming })
}

function change(next: Partial<Page>, focus?: string): void {
  page = { ...page, ...next }
  render(focus)
}

async function signedIn(): Promise<void> {
  announceSessionChange()
  const cameBack = page.expired
  change({ session: await readSession(), mode: 'signIn', ppr: '', expired: false }, '#content')
  startWidget()
  // Whoever was sent here from the conversation goes back to it.
  if (cameBack) widget?.open()
  else await come()
}

function startWidget(): void {
  if (page.session.signedIn) widget ??= loadWidget(page.words.language)
}

const out = createSignOut({
  failed: () => page.leaving !== 'failed' && change({ leaving: 'failed' }, '#content'),
  done: () => void openAnew(),
})

/** Nothing of the member who leaves stays on the page, before the server is asked. */
function closePage(next: Partial<Page>): void {
  widget?.remove()
  widget = undefined
  const session = { signedIn: false, demo: false } as const
  change({ session, mode: 'signIn', ppr: '', expired: false, coming: undefined, ...next }, '#content')
}

function leave(): void {
  closePage({ leaving: 'trying' })
  out.begin()
}

/** Shows what is true now: the sign-in, or the page of the member who is signed in. */
async function openAnew(): Promise<void> {
  const session = await readSession()
  if (isSigningOut()) return
  change({ session, leaving: undefined }, '#content')
  startWidget()
}

/** Another tab has signed somebody in or out: this page is not this member's any more, unless the server says so. */
function followOtherTab(): void {
  if (isSigningOut()) {
    if (!page.leaving) closePage({ leaving: 'trying' })
    return out.resume()
  }
  if (page.session.signedIn || page.leaving) closePage({ leaving: undefined })
  void openAnew()
}

async function changeLanguage(language: Language): Promise<void> {
  const typed = root.querySelector<HTMLInputElement>('#ppr')?.value ?? ''
  rememberLanguage(language)
  change({ words: await loadWords(language), ppr: typed }, '.bar__language')
  widget?.setLanguage(language)
}

function skipLink(words: Words): HTMLElement {
  return h('a', { class: 'skip', href: '#content' }, words.say('portal.skip'))
}

function header({ words, session, expired }: Page): HTMLElement {
  const other: Language = words.language === 'fr' ? 'ar' : 'fr'
  const language = h(
    'button',
    { type: 'button', class: 'bar__button bar__language', lang: other, 'data-foreign': true },
    words.say('language.other'),
  )
  language.addEventListener('click', () => void changeLanguage(other))
  const signOut =
    session.signedIn && !expired && h('button', { type: 'button', class: 'bar__button' }, words.say('button.signOut'))
  if (signOut) signOut.addEventListener('click', leave)
  const brand = h('div', { class: 'bar__brand' })
  brand.append(star(), h('p', { class: 'bar__name' }, words.say('app.foundation')))
  return h('header', { class: 'bar' }, brand, h('div', { class: 'bar__buttons' }, language, signOut))
}

const footer = (words: Words): HTMLElement => h('footer', { class: 'foot' }, h('p', {}, words.say('app.foundation')))

/** The chat has gone over to another language: so does the page, where the focus stays. */
document.addEventListener('moussaada:language', event => {
  if (!(event instanceof CustomEvent)) return
  const language = asLanguage(languageIn(event.detail))
  if (language && language !== page.words.language) void followChat(language)
})

function languageIn(detail: unknown): string | undefined {
  const isRecord = typeof detail === 'object' && detail !== null && 'language' in detail
  return isRecord && typeof detail.language === 'string' ? detail.language : undefined
}

async function followChat(language: Language): Promise<void> {
  const ppr = root.querySelector<HTMLInputElement>('#ppr')?.value ?? ''
  rememberLanguage(language)
  change({ words: await loadWords(language), ppr })
}

document.addEventListener('moussaada:sign-in', event => {
  event.preventDefault()
  window.moussaada?.close()
  change({ expired: true, mode: 'signIn', ppr: '' }, '#ppr')
})

async function start(): Promise<void> {
  const session: Session = isSigningOut() ? { signedIn: false, demo: false } : await readSession()
  const words = await loadWords(choosePageLanguage())
  page = { words, session, mode: 'signIn', ppr: '', expired: false }
  onSessionChange(followOtherTab)
  if (isSigningOut()) {
    closePage({ leaving: 'trying' })
    return out.resume()
  }
  render()
  startWidget()
  await come()
}

void start()
