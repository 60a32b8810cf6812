import { useEffect, useState } from 'react'
import { useChat, useLine } from '../chat-context.ts'
import type { LineState } from '../connection/connection.ts'
import type { WordKey } from '../../words/words.ts'

const sentences: Readonly<Record<Exclude<LineState, 'online' | 'signedOut'>, WordKey>> = {
  connecting: 'widget.connecting',
  reconnecting: 'widget.reconnecting',
  offline: 'widget.offline',
  unavailable: 'widget.unavailable',
}
/** A break that mends itself at once is not worth a sentence. */
const graceMs = 900
const shownConnectedMs = 2_500

/** The true state of the line, said when there is something to say. */
export function LineBar() {
  const { words, host } = useChat()
  const { line, backOnline } = useCalmLine()
  if (line === 'signedOut') {
    return (
      <div className="line line--out" role="alert">
        <span>{words.say('signIn.sessionExpired')}</span>
        <button type="button" className="button button--small" onClick={host.signIn}>
          {words.say('button.signIn')}
        </button>
      </div>
    )
  }
  return (
    <div className={`line line--${backOnline ? 'back' : line}`} role="status">
      {line !== 'online' && <span>{words.say(sentences[line])}</span>}
      {backOnline && <span>{words.say('widget.connected')}</span>}
    </div>
  )
}

function useCalmLine(): { line: LineState; backOnline: boolean } {
  const line = useLine()
  const [shown, setShown] = useState(line)
  const [backOnline, setBackOnline] = useState(false)
  useEffect(() => {
    const wait = line === 'reconnecting' || line === 'connecting' ? graceMs : 0
    const timer = setTimeout(() => {
      setShown(current => {
        setBackOnline(line === 'online' && current !== 'online' && current !== 'connecting')
        return line
      })
    }, wait)
    return () => clearTimeout(timer)
  }, [line])
  useEffect(() => {
    if (!backOnline) return
    const timer = setTimeout(() => setBackOnline(false), shownConnectedMs)
    return () => clearTimeout(timer)
  }, [backOnline])
  return { line: shown, backOnline }
}
