type Child = Node | string | undefined | false

interface Properties {
  readonly class?: string
  readonly title?: string
  readonly dir?: string
  readonly lang?: string
  readonly type?: string
  readonly value?: string
  readonly label?: string
  readonly role?: string
  readonly href?: string
  readonly disabled?: boolean
  readonly placeholder?: string
  readonly onClick?: () => void
  readonly onChange?: (value: string) => void
}

/** An element with its children; `label` is its accessible name. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { onClick, onChange, label, disabled, ...properties }: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) if (value !== undefined) made.setAttribute(name, value)
  if (label !== undefined) made.setAttribute('aria-label', label)
  if (disabled) made.setAttribute('disabled', '')
  if (onClick) made.addEventListener('click', onClick)
  if (onChange && (made instanceof HTMLSelectElement || made instanceof HTMLInputElement))
    made.addEventListener('change', () => onChange(made.value))
  made.append(...children.filter(child => child !== undefined && child !== false))
  return made
}

const drawings = {
  attach: 'M6 10.5 11.5 5a2.5 2.5 0 0 1 3.5 3.5l-7 7a4 4 0 0 1-5.6-5.6L9 3.2',
  send: 'M3 3.5 17.5 10 3 16.5 5 10Zm2 6.5h6',
  file: 'M5 2.5h6l4 4v11H5Zm6 0v4h4',
  like: 'M7 9.5 10 3c1.6 0 2.2 1.2 1.9 2.7L11.5 8H16l-1.5 8H7Zm-3.5 0H7v6.5H3.5Z',
} as const

/** @returns a line drawing of 20 by 20 */
export function icon(name: keyof typeof drawings): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 20 20')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('class', `icon icon-${name}`)
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', drawings[name])
  svg.append(path)
  return svg
}
