type Child = Node | string | undefined | false
type Attributes = Readonly<Record<string, string | boolean | undefined>>

/** Makes an element. Attributes that are false or undefined are left out; text is text, never markup. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value)
  }
  for (const child of children) if (child !== undefined && child !== false) element.append(child)
  return element
}

/** The eight-pointed star of Moroccan tile work, made of two squares. */
export function star(): Element {
  const holder = document.createElement('span')
  holder.innerHTML =
    '<svg class="star" viewBox="0 0 48 48" width="44" height="44" aria-hidden="true"><path d="M10 10h28v28H10z M24 4.2L43.8 24 24 43.8 4.2 24z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/><circle cx="24" cy="24" r="5.5" fill="currentColor"/></svg>'
  return holder.firstElementChild ?? holder
}
