import { request as nodeRequest } from 'node:http'
import type { Opened } from './requests.ts'

interface TestFile {
  readonly name: string
  readonly bytes: Buffer
}

/** As Microsoft's client builds it; a trailing object without a name is the activity's channel data. */
export function form(...parts: readonly (TestFile | Record<string, string>)[]): FormData {
  const files = parts.filter((part): part is TestFile => part.bytes instanceof Buffer)
  const channelData = parts.find(part => !(part.bytes instanceof Buffer)) ?? {}
  const data = new FormData()
  const activity = JSON.stringify({ type: 'message', channelData })
  data.append('activity', new Blob([activity], { type: 'application/vnd.microsoft.activity' }))
  for (const { name, bytes } of files)
    data.append('file', new Blob([new Uint8Array(bytes)], { type: 'application/pdf' }), name)
  return data
}

/** Sends so many bytes of a file and then cuts the connection. */
export function breakOff(domain: string, { conversationId, token }: Opened, sent: number): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=x' }
  return new Promise(resolve => {
    const upload = nodeRequest(`${domain}/conversations/${conversationId}/upload`, { method: 'POST', headers })
    upload.on('error', () => resolve())
    upload.write(
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n',
    )
    upload.write(Buffer.alloc(sent, 1), () => setTimeout(() => upload.destroy(), 30))
  })
}
