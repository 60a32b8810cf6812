import type { Frame } from 'playwright-core'

/** English words that neither French nor the names of files and formats have. */
const english =
  /\b(the|your?|sends?|sending|typing|said|connect(ed|ing)|failed|retry|upload(ed|ing)?|close|open|minimi[sz]e|attach(ed|ment)?|file|new messages?|click|press|back|cancel|help|step \d|of \d|suggested|is empty)\b/i

/** What a page shows or reads out in English: text, names, placeholders, descriptions. */
export async function foreignWords(frame: Frame): Promise<string[]> {
  const spoken = await frame.evaluate(() => {
    const attributes = [
      'aria-label',
      'aria-roledescription',
      'aria-valuetext',
      'aria-description',
      'placeholder',
      'title',
      'alt',
    ]
    const found: string[] = [document.title, ...document.body.innerText.split('\n')]
    for (const element of document.querySelectorAll('*')) {
      for (const name of attributes) found.push(element.getAttribute(name) ?? '')
    }
    for (const hidden of document.querySelectorAll('.visually-hidden')) found.push(hidden.textContent ?? '')
    return found
  })
  return spoken.filter(text => english.test(text))
}
