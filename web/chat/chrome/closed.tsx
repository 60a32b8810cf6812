import { useEscape } from '../host/use-escape.ts'
import type { Host } from '../host/host.ts'
import type { WordKey, Words } from '../../words/words.ts'
import { Star } from './icon.tsx'

type ClosedProps = {
  readonly words: Words
  readonly host: Host
  readonly reason: 'signedOut' | 'unavailable'
  readonly again: () => void
  /** A conversation was open here, and what was on its way has been dropped. */
  readonly hasEnded?: boolean
}

function sentenceOf(reason: ClosedProps['reason'], hasEnded: boolean): WordKey {
  if (hasEnded) return 'signOut.signedOut'
  return reason === 'signedOut' ? 'signIn.sessionExpired' : 'widget.unavailable'
}

/** Instead of the chat, when it cannot be opened: why, and what to do. */
export function Closed({ words, host, reason, again, hasEnded = false }: ClosedProps) {
  const signedOut = reason === 'signedOut'
  useEscape(host)
  return (
    <main className="closed">
      <Star />
      <h1>{words.say('app.serviceName')}</h1>
      <p role="alert">{words.say(sentenceOf(reason, hasEnded))}</p>
      <button type="button" className="button button--main" onClick={signedOut ? host.signIn : again}>
        {words.say(signedOut ? 'button.signIn' : 'widget.retry')}
      </button>
      {host.framed && (
        <button type="button" className="button" onClick={host.close}>
          {words.say('portal.closeChat')}
        </button>
      )}
    </main>
  )
}
