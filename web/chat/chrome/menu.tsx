import { useEffect, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { useChat } from '../chat-context.ts'
import { Icon } from './icon.tsx'

const commands = ['help', 'history', 'restart', 'cancel', 'agent'] as const

/** What can be asked for at any step. A list of plain buttons behind one: no menu keys to learn. */
export function Menu() {
  const { words, send } = useChat()
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const opener = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (!open) return
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    document.addEventListener('focusin', outside)
    return () => {
      document.removeEventListener('pointerdown', outside)
      document.removeEventListener('focusin', outside)
    }
  }, [open])

  function close(): void {
    setOpen(false)
    opener.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !open) return
    event.stopPropagation()
    close()
  }

  return (
    <div ref={box} className="menu" onKeyDown={onKeyDown}>
      <button
        ref={opener}
        type="button"
        className="header__button"
        aria-expanded={open}
        aria-controls="menu-list"
        aria-label={words.say(open ? 'widget.closeMenu' : 'widget.menu')}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? 'close' : 'menu'} />
      </button>
      <ul id="menu-list" className="menu__list" hidden={!open}>
        {commands.map(command => (
          <li key={command}>
            <button
              type="button"
              className="menu__item"
              onClick={() => {
                close()
                send({ value: { v: 1, command }, label: words.say(`button.${command}`) })
              }}
            >
              {words.say(`button.${command}`)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
