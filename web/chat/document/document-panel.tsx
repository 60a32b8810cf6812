import { useEffect, useRef, useState } from 'react'
import { useChat, useDeliveries } from '../chat-context.ts'
import { Icon } from '../chrome/icon.tsx'
import { formatSize } from '../../words/words.ts'
import type { ShownActivity } from '../transcript/activity.ts'
import { focusLastMessage } from '../transcript/focus-last-message.ts'
import { useElapsed } from '../use-elapsed.ts'
import { checkFiles, maxFileBytes, pickedTypes } from './check-file.ts'
import { useDroppedFiles } from './use-dropped-files.ts'

/** Where the one PDF is chosen, or dropped anywhere on the page, while the assistant asks for it. */
export function DocumentPanel({ last }: { readonly last: ShownActivity | undefined }) {
  const { words, send } = useChat()
  const [refused, setRefused] = useState<string>()
  const input = useRef<HTMLInputElement>(null)
  const underWay = useFileUnderWay(last)
  const sentence = useRef<HTMLParagraphElement>(null)
  const take = async (files: readonly File[]): Promise<void> => {
    if (files.length === 0) return
    const checked = await checkFiles(files, words)
    setRefused('refused' in checked ? checked.refused : undefined)
    if ('file' in checked) {
      send({ file: checked.file })
      focusLastMessage()
    }
    if (input.current) input.current.value = ''
  }
  const dragging = useDroppedFiles(files => void take(files))
  useEffect(() => setRefused(undefined), [words])
  // It stands below the button, where a phone's screen may have ended.
  useEffect(() => void (refused && sentence.current?.scrollIntoView({ block: 'nearest' })), [refused])
  if (underWay) return null
  return (
    <div className={dragging ? 'panel panel--dragging' : 'panel'}>
      <input
        ref={input}
        type="file"
        accept={pickedTypes}
        className="visually-hidden"
        tabIndex={-1}
        aria-hidden="true"
        onChange={event => void take([...(event.currentTarget.files ?? [])])}
      />
      <button
        type="button"
        className="button button--main"
        aria-describedby="file-hint"
        onClick={() => input.current?.click()}
      >
        <Icon name="clip" />
        {words.say(dragging ? 'widget.dropHere' : 'widget.attach')}
      </button>
      <p id="file-hint" className="panel__hint">
        {words.say('widget.fileHint', { maxSize: formatSize(words, maxFileBytes) })}
      </p>
      <p ref={sentence} className="panel__refused" role="alert">
        {refused}
      </p>
    </div>
  )
}

const checkedWithinMs = 60_000

/** While a file is on its way or being checked there is nothing to choose. */
function useFileUnderWay(last: ShownActivity | undefined): boolean {
  const deliveries = useDeliveries()
  const isFile = last?.role === 'user' && last.attachments.length > 0
  const state = isFile && last.clientId !== undefined ? deliveries.get(last.clientId)?.state : undefined
  const tooLong = useElapsed(isFile && last.id !== undefined ? last.key : undefined, checkedWithinMs)
  return isFile && !tooLong && state !== 'failed' && state !== 'cancelled'
}
