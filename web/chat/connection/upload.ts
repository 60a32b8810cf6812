import { NO_SPACE } from './direct-line-session.ts'
import type { Send, SendOutcome } from './outbox.ts'

const stalledAfterMs = 60_000

/** Files that were chosen and not yet stored, by the address that their outgoing activity carries. */
export type ChosenFiles = { add(file: File): string; find(url: string): File | undefined }

export function createChosenFiles(): ChosenFiles {
  const files = new Map<string, File>()
  return {
    add: file => {
      const url = `chosen:${files.size}`
      files.set(url, file)
      return url
    },
    find: url => files.get(url),
  }
}

export type UploadTarget = () => { url: string; token: string }

/**
 * Sends an activity with one file, byte for byte as DirectLineJS would, but by XMLHttpRequest, which alone tells how much
 * has left. Nothing sent for a minute counts as a broken line.
 */
export function createUpload(options: {
  files: ChosenFiles
  target: UploadTarget
  refused: (status: number) => void
}): Send {
  return (activity, report, signal) =>
    new Promise<SendOutcome>(resolve => {
      const attachment = activity.attachments?.[0]
      const file = options.files.find(attachment?.contentUrl ?? '')
      if (!file) return resolve({ sent: false, again: false })
      const request = new XMLHttpRequest()
      const { url, token } = options.target()
      const settle = (): void => {
        clearTimeout(stall)
        const outcome = readOutcome(request)
        if (!outcome.sent) options.refused(request.status)
        resolve(outcome)
      }
      let stall = setTimeout(() => request.abort(), stalledAfterMs)
      request.upload.addEventListener('progress', event => {
        clearTimeout(stall)
        // All has left: now it is the server's turn, which takes its own time.
        if (event.loaded < event.total) stall = setTimeout(() => request.abort(), stalledAfterMs)
        report(event.loaded / Math.max(1, event.total))
      })
      request.addEventListener('loadend', settle)
      signal.addEventListener('abort', () => request.abort())
      request.open('POST', `${url}?userId=${encodeURIComponent(activity.from?.id ?? '')}`)
      request.setRequestHeader('authorization', `Bearer ${token}`)
      request.send(formOf(activity, file))
    })
}

function formOf(activity: Parameters<Send>[0], file: File): FormData {
  const attachments = activity.attachments?.map(attachment => ({ ...attachment, contentUrl: undefined }))
  const form = new FormData()
  form.append(
    'activity',
    new Blob([JSON.stringify({ ...activity, attachments })], { type: 'application/vnd.microsoft.activity' }),
  )
  form.append('file', new Blob([file], { type: 'application/pdf' }), file.name)
  return form
}

function readOutcome(request: XMLHttpRequest): SendOutcome {
  const { status } = request
  if (status === 200) {
    const id = readId(request.responseText)
    return id === undefined ? { sent: false, again: true } : { sent: true, id }
  }
  return {
    sent: false,
    full: status === NO_SPACE,
    again: status === 0 || status === 401 || status === 403 || status >= 500 || status === 429,
  }
}

function readId(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string'
      ? body.id
      : undefined
  } catch {
    return undefined
  }
}
