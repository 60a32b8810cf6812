export function element<Name extends 'button' | 'div' | 'p' | 'span'>(name: Name, attributes: Record<string, string>) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}
