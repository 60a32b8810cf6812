import type { Theme } from '../host-config.ts'
import { openChat } from './chat.ts'
import { openDeveloperPanel } from './developer.ts'
import { element } from './element.ts'
import { act, listen, readChoices, type Choices } from './server.ts'

const query = new URLSearchParams(location.search)

/** Everything that is chosen stands in the address, so that it can be opened again. */
function go(change: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(change)) query.set(name, value)
  location.search = query.toString()
}

const rootOf = (id: string): HTMLElement => document.querySelector<HTMLElement>(`#${id}`) ?? document.body

function select(label: string, options: readonly (readonly [value: string, title: string])[], value: string) {
  const made = element(
    'select',
    { label },
    ...options.map(([name, title]) => element('option', { value: name }, title)),
  )
  made.value = value
  return made
}

function drawBar({ people }: Choices, person: string, theme: Theme): (locale: string) => void {
  const who = select(
    'Person',
    people.map(({ id, name, employeeId }) => [id, employeeId === undefined ? name : `${name} · ${employeeId}`]),
    person,
  )
  const languages = [
    ['fr-FR', 'Français'],
    ['ar-SA', 'العربية'],
  ] as const
  const language = select('Language of Teams', languages, '')
  const themes = [
    ['light', 'Light'],
    ['dark', 'Dark'],
  ] as const
  const look = select('Theme', themes, theme)
  who.addEventListener('change', () => go({ person: who.value }))
  look.addEventListener('change', () => go({ theme: look.value }))
  language.addEventListener('change', () => void act(person, { does: 'speaks', locale: language.value }))
  rootOf('bar').replaceChildren(element('strong', {}, 'Teams emulator'), who, language, look)
  return locale => {
    language.value = locale
  }
}

const choices = await readChoices()
const person = query.get('person') ?? choices.people[0]?.id ?? ''
const isDark = window.matchMedia('(prefers-color-scheme: dark)').matches
const theme: Theme = (query.get('theme') ?? (isDark ? 'dark' : 'light')) === 'dark' ? 'dark' : 'light'
document.documentElement.dataset['theme'] = theme
const showLocale = drawBar(choices, person, theme)
const panel = openDeveloperPanel(rootOf('developer'), choices, person)
const draw = openChat(rootOf('chat'), { person, theme, fileFault: panel.fileFault })
listen(person, view => {
  showLocale(view.locale)
  draw(view)
  panel.draw(view)
})
