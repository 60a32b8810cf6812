import { NO_SPACE } from './direct-line-session.ts'
import type { Send, SendOutcome } from './outbox.ts'
import { request } from './upload-request.ts'
import type { Answer, Asked } from './upload-request.ts'

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

/** A piece takes about so long: short enough that silence is noticed where bytes wait in a buffer on their way. */
const pieceMs = 8_000
const pieceBytes = { first: 128 * 1024, least: 64 * 1024, most: 2 * 1024 * 1024 }
const headBytes = 1024 * 1024

type Options = { files: ChosenFiles; target: UploadTarget; refused: (status: number) => void }
type Ask = (asked: Omit<Asked, 'token' | 'signal'>) => Promise<Answer>

/**
 * Sends an activity with one file, in pieces by the protocol tus 1.0.0. Each try goes on where the last one was cut, also
 * after a reload when the same file is chosen again. Nothing of the file is kept in the browser.
 */
export function createUpload({ files, target, refused }: Options): Send {
  const places = new Map<File, string>()
  return async (activity, report, signal) => {
    const file = files.find(activity.attachments?.[0]?.contentUrl ?? '')
    if (!file) return { sent: false, again: false }
    const ask: Ask = asked => request({ ...asked, token: target().token, signal })
    const place = places.get(file)
    const found = place === undefined ? undefined : await ask({ method: 'HEAD', url: place })
    const isGone = found === undefined || found.status === 404
    let last = isGone ? await announce(ask, target().url, { activity, file }) : found
    const url = last.location ?? place
    if (last.location !== undefined) places.set(file, last.location)
    if (url !== undefined && last.offset !== undefined) last = await sendPieces(ask, { url, file, from: last, report })
    if (last.id !== undefined) return { sent: true, id: last.id }
    refused(last.status)
    return outcomeOf(last)
  }
}

type Announced = { readonly activity: Parameters<Send>[0]; readonly file: File }

async function announce(ask: Ask, url: string, { activity, file }: Announced): Promise<Answer> {
  const { clientActivityID } = activity.channelData ?? {}
  const said = JSON.stringify({ type: 'message', channelData: { clientActivityID } })
  const known = [`filename ${base64(file.name)}`, `activity ${base64(said)}`]
  // Without https there is no hash to be had, and a reload begins the file anew.
  if (globalThis.isSecureContext) {
    const head = await file.slice(0, headBytes).arrayBuffer()
    known.push(`head ${base64(await crypto.subtle.digest('SHA-256', head))}`)
  }
  return ask({
    method: 'POST',
    url,
    headers: { 'upload-length': String(file.size), 'upload-metadata': known.join(',') },
  })
}

type Sending = {
  readonly url: string
  readonly file: File
  readonly from: Answer
  readonly report: (progress: number) => void
}

/** @returns the first answer that is no leave to go on, or the one that names the activity */
async function sendPieces(ask: Ask, { url, file, from, report }: Sending): Promise<Answer> {
  let last = from
  let bytes = pieceBytes.first
  while (last.id === undefined && last.status < 300 && last.offset !== undefined) {
    const { offset } = last
    report(offset / file.size)
    const begun = performance.now()
    const piece = file.slice(offset, offset + bytes)
    last = await ask({
      // As POST, which every proxy lets through.
      method: 'POST',
      url,
      headers: {
        'x-http-method-override': 'PATCH',
        'upload-offset': String(offset),
        'content-type': 'application/offset+octet-stream',
      },
      body: piece,
      onSent: sent => report((offset + sent) / file.size),
    })
    // Somebody else has sent a part of it meanwhile.
    if (last.status === 409) last = await ask({ method: 'HEAD', url })
    const rate = piece.size / Math.max(1, performance.now() - begun)
    bytes = Math.round(Math.min(pieceBytes.most, Math.max(pieceBytes.least, rate * pieceMs)))
  }
  return last
}

function base64(value: string | ArrayBuffer): string {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : new Uint8Array(value)
  return btoa(String.fromCharCode(...bytes))
}

function outcomeOf({ status }: Answer): SendOutcome {
  const again = [0, 200, 204, 401, 403, 404, 408, 429].includes(status) || status >= 500
  return { sent: false, full: status === NO_SPACE, again }
}
