import type { Language } from '../../services/language.ts'

const cookieName = 'moussaada-language'
const yearInSeconds = 31_536_000

const asLanguage = (tag: string | null | undefined): Language | undefined => {
  const primary = tag?.toLowerCase().split('-')[0]
  return primary === 'fr' || primary === 'ar' ? primary : undefined
}

function rememberedLanguage(): Language | undefined {
  const found = document.cookie.split('; ').find(cookie => cookie.startsWith(`${cookieName}=`))
  return asLanguage(found?.slice(cookieName.length + 1))
}

/** The page's language: asked for in the address, remembered from an earlier visit, the browser's first known one, else French. */
export function choosePageLanguage(): Language {
  const asked = asLanguage(new URLSearchParams(location.search).get('lang'))
  return asked ?? rememberedLanguage() ?? navigator.languages.map(asLanguage).find(Boolean) ?? 'fr'
}

/** Only the language is kept, nothing about the person. */
export function rememberLanguage(language: Language): void {
  document.cookie = `${cookieName}=${language}; path=/; max-age=${yearInSeconds}; samesite=lax`
  const address = new URL(location.href)
  // What a link asked for once would win over what the member has chosen since.
  if (!address.searchParams.has('lang')) return
  address.searchParams.set('lang', language)
  history.replaceState(history.state, '', address)
}

export { asLanguage }
