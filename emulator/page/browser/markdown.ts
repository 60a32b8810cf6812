const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const inline = (text: string): string =>
  escaped(text)
    .replaceAll(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<a href="$2" target="_blank" rel="noreferrer">$1</a>')
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/(^|[\s(])[*_]([^*_\s][^*_]*)[*_](?=$|[\s).,!?])/g, '$1<em>$2</em>')

/** The part of Markdown that Teams draws in messages and cards: bold, italic, links, lists, lines. @returns safe HTML */
export function markdownToHtml(text: string): string {
  const html: string[] = []
  let isList = false
  for (const line of text.split(/\r?\n/)) {
    const [, item] = /^\s*[-*]\s+(.*)$/.exec(line) ?? []
    if ((item !== undefined) !== isList) html.push(isList ? '</ul>' : '<ul>')
    isList = item !== undefined
    if (item === undefined) html.push(line.trim() === '' ? '' : `<p>${inline(line)}</p>`)
    else html.push(`<li>${inline(item)}</li>`)
  }
  return html.join('') + (isList ? '</ul>' : '')
}
