import { useRef } from 'react'
import { useChat, useLine } from '../chat-context.ts'
import type { Delivery } from '../connection/outbox.ts'
import type { Attachment, ShownActivity } from '../transcript/activity.ts'
import { useElapsed } from '../use-elapsed.ts'
import { Icon } from '../chrome/icon.tsx'

const checkingAtMostMs = 60_000

type SentFileProps = {
  readonly activity: ShownActivity
  readonly attachment: Attachment
  readonly delivery: Delivery | undefined
  readonly newestBotKey: string | undefined
}

type Phase = 'sending' | 'paused' | 'checking' | 'failed' | 'cancelled' | 'done'

/** A file of the member: its way to the server in percent, then the check, then a plain line with its name. */
export function SentFile(props: SentFileProps) {
  const { attachment, activity, delivery } = props
  const phase = usePhase(props)
  const percent = Math.floor((delivery?.progress ?? 0) * 100)
  const name = attachment.name ?? ''
  return (
    <div className="file" data-phase={phase}>
      <div className="file__name">
        <Icon name="document" />
        <bdi>{phase === 'done' && attachment.contentUrl ? <FileLink {...attachment} name={name} /> : name}</bdi>
      </div>
      <FileState phase={phase} percent={percent} name={name} again={delivery?.again === true} />
      <FileButtons phase={phase} percent={percent} clientId={activity.clientId} />
    </div>
  )
}

const FileLink = ({ contentUrl, name }: { readonly contentUrl?: string; readonly name: string }) =>
  // Only an address of the server: a file that was never stored has none.
  contentUrl !== undefined && /^(https?:)?\//.test(contentUrl) ? (
    <a href={contentUrl} download={name}>
      {name}
    </a>
  ) : (
    <>{name}</>
  )

function usePhase({ activity, delivery, newestBotKey }: SentFileProps): Phase {
  const line = useLine()
  const botKeyAtStart = useRef(newestBotKey)
  const arrived = activity.id !== undefined || delivery?.state === 'sent'
  const unanswered = arrived && delivery !== undefined && botKeyAtStart.current === newestBotKey
  const tooLong = useElapsed(unanswered ? activity.key : undefined, checkingAtMostMs)
  const checking = unanswered && !tooLong
  if (checking) return 'checking'
  if (arrived || !delivery) return 'done'
  if (delivery.state === 'waiting') return line === 'online' ? 'sending' : 'paused'
  if (delivery.state === 'failed' || delivery.state === 'cancelled') return delivery.state
  return (delivery.progress ?? 0) >= 1 ? 'checking' : 'sending'
}

function FileState({
  phase,
  percent,
  name,
  again,
}: {
  readonly phase: Phase
  readonly percent: number
  readonly name: string
  readonly again: boolean
}) {
  const { words } = useChat()
  if (phase === 'done') return null
  if (phase === 'failed') return <p className="file__state file__state--failed">{words.say('widget.uploadFailed')}</p>
  if (phase === 'cancelled') return <p className="file__state">{words.say('widget.uploadCancelled')}</p>
  if (phase === 'paused') return <p className="file__state">{words.say('widget.uploadPaused')}</p>
  const sentence = phase === 'checking' ? words.say('widget.fileChecking') : words.say('widget.uploading', { percent })
  const value = phase === 'checking' ? 100 : percent
  return (
    <>
      <div
        className="file__bar"
        role="progressbar"
        aria-label={words.say('a11y.uploadProgress', { fileName: name })}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={value}
        aria-valuetext={sentence}
      >
        <progress max={100} value={value} aria-hidden="true" />
      </div>
      <p className="file__state">{sentence}</p>
      {again && (
        <p className="file__state" role="alert">
          {words.say('widget.unavailable')}
        </p>
      )}
    </>
  )
}

type FileButtonsProps = { readonly phase: Phase; readonly percent: number; readonly clientId: string | undefined }

function FileButtons({ phase, percent, clientId }: FileButtonsProps) {
  const { words, connection } = useChat()
  if (clientId === undefined) return null
  if (phase === 'failed' || phase === 'cancelled') {
    return (
      <button type="button" className="button button--small" onClick={() => connection.outbox.retry(clientId)}>
        {words.say('widget.retry')}
      </button>
    )
  }
  if (phase !== 'paused' && (phase !== 'sending' || percent >= 100)) return null
  return (
    <button type="button" className="button button--small" onClick={() => connection.outbox.cancel(clientId)}>
      {words.say('widget.cancelUpload')}
    </button>
  )
}
