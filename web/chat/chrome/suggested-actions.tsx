import { hooks } from 'botframework-webchat-api'
import { useRef } from 'react'
import { useChat } from '../chat-context.ts'
import { focusLastMessage } from '../transcript/focus-last-message.ts'

/** The assistant's proposals, wrapped under the last message; they go when anything is said. */
export function SuggestedActions() {
  const { words, send } = useChat()
  const [actions] = hooks.useSuggestedActions()
  const ref = useRef<HTMLDivElement>(null)
  if (actions.length === 0) return null

  function choose(label: string, value: unknown): void {
    if (ref.current?.contains(document.activeElement)) focusLastMessage()
    send(typeof value === 'string' ? { text: value } : { value, label })
  }

  return (
    <div ref={ref} className="chips" role="group" aria-label={words.say('a11y.suggestions')}>
      {actions.flatMap(action => {
        const label = 'title' in action && typeof action.title === 'string' ? action.title : ''
        const value: unknown = 'value' in action ? action.value : undefined
        return label === '' ? [] : [<Chip key={label} label={label} onChoose={() => choose(label, value)} />]
      })}
    </div>
  )
}

const Chip = ({ label, onChoose }: { readonly label: string; readonly onChoose: () => void }) => (
  <button type="button" className="chip" onClick={onChoose}>
    {label}
  </button>
)
