import type { LogLine, PageView } from '../view.ts'
import { element } from './element.ts'
import { act, attack, plan, type Choices } from './server.ts'

const section = (title: string, ...children: readonly Node[]): HTMLElement =>
  element('section', {}, element('h2', {}, title), ...children)

const choice = (titles: readonly string[], onClick: (title: string) => void): HTMLElement =>
  element(
    'div',
    { class: 'choice' },
    ...titles.map(title => element('button', { onClick: () => onClick(title) }, title)),
  )

function drawLine({ at, what, status, isFault }: LogLine): HTMLElement {
  return element(
    'tr',
    { class: isFault ? 'fault' : '' },
    element('td', {}, at.slice(11, 19)),
    element('td', {}, what),
    element('td', {}, status),
  )
}

/** The developer's side: what goes wrong next, and what went over the wire. */
export function openDeveloperPanel(root: HTMLElement, choices: Choices, person: string) {
  const pending = element('p', { class: 'pending' })
  const log = element('tbody')
  const given = element('ul')
  const verdict = element('p', { class: 'verdict' })
  const files = element(
    'select',
    { label: 'Next files' },
    ...choices.fileFaults.map(name => element('option', { value: name }, name)),
  )
  async function forge(): Promise<void> {
    verdict.textContent = 'sending…'
    const { tried, accepted } = await attack(person)
    verdict.textContent = `${accepted.length} of ${tried} accepted${accepted.map(kind => `\n${kind}`).join('')}`
  }
  root.replaceChildren(
    section(
      'App',
      choice(['installs', 'uninstalls', 'blocks', 'unblocks'], does => void act(person, { does })),
    ),
    section(
      'Microsoft sends, alone',
      choice(choices.unasked, name => void act(person, { does: 'sendsAlone', name })),
    ),
    section(
      'The bot’s next call is answered',
      choice(choices.callFaults, call => void plan({ call })),
    ),
    section(
      'The next message reaches the bot',
      choice(choices.deliveryFaults, delivery => void plan({ delivery })),
    ),
    section('The next files', files),
    section(
      'The next call of Graph is answered',
      choice(choices.graphFaults, graph => void plan({ graph })),
    ),
    element('div', {}, pending, element('button', { onClick: () => void plan({ clear: true }) }, 'No more faults')),
    section('Forged tokens and activities', element('button', { onClick: () => void forge() }, 'Send all'), verdict),
    section('Archived and mailed', given),
    section('On the wire', element('table', {}, log)),
  )
  return {
    fileFault: () => files.value,
    draw(view: PageView): void {
      const { calls, deliveries } = view.pending
      pending.textContent = `${calls} calls and ${deliveries} messages are still to go wrong.`
      given.replaceChildren(...[...view.archived, ...view.mailed].map(line => element('li', { dir: 'auto' }, line)))
      log.replaceChildren(...view.log.map(drawLine))
    },
  }
}
