import { useLayoutEffect, useRef, useState } from 'react'
import type { FormEvent, KeyboardEvent } from 'react'
import { useChat, useStore } from '../chat-context.ts'
import { Icon } from './icon.tsx'

const mostLetters = 1_000
const tallestPx = 132

/** Where the member writes. What is typed lives here and outlasts every change of the line or the language. */
export function SendBox() {
  const { words, send, connection } = useChat()
  const [text, setText] = useState('')
  // Before the first connection nothing is taken; afterwards messages wait for the line.
  const ready = useStore(connection.opened)
  const area = useRef<HTMLTextAreaElement>(null)
  const empty = text.trim() === ''

  useLayoutEffect(() => {
    const { current } = area
    if (!current) return
    current.style.height = 'auto'
    current.style.height = `${Math.min(tallestPx, current.scrollHeight)}px`
  }, [text])

  function submit(event?: FormEvent): void {
    event?.preventDefault()
    if (empty || !ready) return
    send({ text: text.trim() })
    setText('')
    area.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    submit()
  }

  return (
    <form className="send-box" onSubmit={submit}>
      <textarea
        ref={area}
        className="send-box__text"
        rows={1}
        // An empty field has no direction of its own; its placeholder has the page's.
        dir={text === '' ? words.direction : 'auto'}
        maxLength={mostLetters}
        enterKeyHint="send"
        aria-label={words.say('a11y.input')}
        placeholder={words.say('a11y.inputPlaceholder')}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <button
        type="submit"
        className="send-box__send"
        aria-label={words.say('a11y.send')}
        aria-disabled={empty || !ready}
      >
        <Icon name="send" />
      </button>
    </form>
  )
}
