import type { Language } from '../../../services/language.ts'
import { useChat } from '../chat-context.ts'
import { Icon, Star } from './icon.tsx'
import { Menu } from './menu.tsx'

export function Header({ onLanguage }: { readonly onLanguage: (language: Language) => void }) {
  const { words, host, send } = useChat()
  const other: Language = words.language === 'fr' ? 'ar' : 'fr'

  function changeLanguage(): void {
    onLanguage(other)
    send({ value: { v: 1, command: 'language', choice: other } })
  }

  return (
    <header className="header">
      <Star />
      <div className="header__names">
        <h1 className="header__title">{words.say('app.serviceName')}</h1>
        <p className="header__by">{words.say('app.name')}</p>
      </div>
      <button
        type="button"
        className="header__button header__language"
        lang={other}
        data-foreign
        onClick={changeLanguage}
      >
        {words.say('language.other')}
      </button>
      <Menu />
      {host.framed && (
        <button type="button" className="header__button" aria-label={words.say('widget.minimise')} onClick={host.close}>
          <Icon name="minimise" />
        </button>
      )}
    </header>
  )
}
