import type { Language } from '../../services/language.ts'

/** Loads the launcher on this page as any other page would. `open` once it is there. */
export function loadWidget(language: Language): {
  readonly open: () => void
  readonly setLanguage: (language: Language) => void
  readonly remove: () => void
} {
  let wanted = false
  const script = document.createElement('script')
  script.src = '/widget.js'
  script.dataset['tokenUrl'] = '/webchat/token'
  script.dataset['locale'] = language
  script.addEventListener('load', () => wanted && window.moussaada?.open())
  document.body.append(script)
  return {
    open: () => {
      wanted = true
      window.moussaada?.open()
    },
    setLanguage: next => {
      script.dataset['locale'] = next
      window.moussaada?.setLanguage(next)
    },
    remove: () => {
      wanted = false
      script.remove()
      window.moussaada?.remove()
      delete window.moussaada
    },
  }
}
