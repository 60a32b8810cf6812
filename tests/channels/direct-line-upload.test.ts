import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { request as nodeRequest } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { connectClient, until } from './support/direct-line-client.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { ask, openConversation, transcriptOf } from './support/requests.ts'
import type { Opened } from './support/requests.ts'
import { breakOff, form } from './support/uploads.ts'

const MB = 1024 * 1024

describe('a member uploads their document', () => {
  let server: TestServer
  const waitingForDocument = new Map<string, string>()

  before(async () => {
    const openDraftOf = async (memberId: string) => {
      const id = waitingForDocument.get(memberId)
      return id === undefined ? undefined : { id, step: 'document' }
    }
    server = await startDirectLine({ openDraftOf })
  })

  after(async () => {
    await server.close()
  })

  async function memberAtDocument(): Promise<Opened & { memberId: string }> {
    const { id: memberId } = await server.newMember()
    waitingForDocument.set(memberId, randomUUID())
    return { ...(await openConversation(server.domain, (await server.tokenFor(memberId)).token)), memberId }
  }

  async function documentsOf(memberId: string): Promise<number> {
    const { rows } = await server.database.query('select count(*)::int as kept from document where member_id = $1', [
      memberId,
    ])
    return Number(rows[0]?.kept)
  }

  const send = ({ conversationId, token }: Opened, body: FormData) =>
    ask(server.domain, `POST /conversations/${conversationId}/upload?userId=x`, { token, body })

  async function lastUpload(opened: Opened) {
    await server.turns.settled()
    const shown = await transcriptOf(server.domain, opened)
    return { sent: shown.at(-2), answer: shown.at(-1)?.text }
  }

  it("sends it with Microsoft's client, sees it in the chat, and can download it again", async () => {
    const opened = await memberAtDocument()
    const client = connectClient({ ...server, ...opened })
    const bytes = randomBytes(300_000)
    const contentUrl = URL.createObjectURL(new Blob([bytes]))
    const attachments = [{ contentType: 'application/pdf', name: 'ordonnance وصفة.pdf', contentUrl }]
    const id = await client.post({ type: 'message', channelData: { clientActivityID: 'file-1' }, attachments })
    await until(() => client.received.length === 3, 'the answer to the file')
    client.close()
    const echo = client.received.find(activity => activity.id === id)
    const files = echo?.all.attachments as { name: string; contentUrl: string; content?: unknown }[] | undefined
    const file = files?.[0]
    assert.equal(echo?.channelData.clientActivityID, 'file-1')
    assert.deepEqual(echo?.channelData.attachmentSizes, [bytes.length])
    assert.deepEqual([file?.name, file?.content], ['ordonnance وصفة.pdf', undefined])
    const download = await fetch(file?.contentUrl ?? '')
    assert.ok(bytes.equals(Buffer.from(await download.arrayBuffer())))
    const disposition = `attachment; filename="ordonnance ____.pdf"; filename*=UTF-8''ordonnance%20%D9%88%D8%B5%D9%81%D8%A9.pdf`
    assert.equal(download.headers.get('content-disposition'), disposition)
    assert.equal(download.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(download.headers.get('cache-control'), 'no-store')
    assert.match(download.headers.get('content-security-policy') ?? '', /sandbox/)
    const head = await fetch(file?.contentUrl ?? '', { method: 'HEAD' })
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, String(bytes.length)])
  })

  it('cannot open the link of a file when it is old or was changed', async () => {
    const opened = await memberAtDocument()
    await send(opened, form({ name: 'a.pdf', bytes: randomBytes(10) }))
    const { sent } = await lastUpload(opened)
    const url = sent?.attachments?.[0]?.contentUrl ?? ''
    const changed = await fetch(url.replace(/.{6}$/, 'AAAAAA'))
    server.clock.ahead = 31 * 60 * 1000
    const old = await fetch(url)
    server.clock.ahead = 0
    assert.deepEqual([changed.status, old.status, await old.text()], [404, 404, await changed.text()])
  })

  for (const { files, size, refused, kept } of [
    { files: 'an empty file', size: 0, refused: { refused: 'empty', size: 0 }, kept: 0 },
    { files: 'a file of exactly 20 MB', size: 20 * MB, refused: undefined, kept: 1 },
    {
      files: 'a file of 20 MB and a byte',
      size: 20 * MB + 1,
      refused: { refused: 'tooLarge', size: 20 * MB + 1 },
      kept: 0,
    },
    { files: 'a file of 30 MB', size: 30 * MB, refused: { refused: 'tooLarge', size: 30 * MB }, kept: 0 },
  ])
    it(`is ${refused ? 'answered in the chat' : 'taken at their word'} for ${files}`, async () => {
      const opened = await memberAtDocument()
      const { status } = await send(opened, form({ name: 'scan.pdf', bytes: Buffer.alloc(size, 1) }))
      const { sent, answer } = await lastUpload(opened)
      assert.equal(status, 200)
      assert.equal(sent?.attachments?.[0]?.contentUrl === undefined, refused !== undefined)
      if (refused) assert.deepEqual(JSON.parse(String(answer).slice(6)), [refused])
      assert.equal(await documentsOf(opened.memberId), kept)
    })

  for (const count of [2, 10, 12])
    it(`is told to join ${count} files into one, and none of them is kept`, async () => {
      const opened = await memberAtDocument()
      const many = Array.from({ length: count }, (_, index) => ({ name: `${index}.pdf`, bytes: randomBytes(1000) }))
      const { status } = await send(opened, form(...many))
      const { answer } = await lastUpload(opened)
      const contents: { refused: string }[] = JSON.parse(String(answer).slice(6))
      assert.deepEqual([status, contents[0]?.refused, contents.length], [200, 'multiple', Math.min(count, 10)])
      assert.equal(await documentsOf(opened.memberId), 0)
    })

  it('is told so when no file was asked for, and it is not kept', async () => {
    const opened = await memberAtDocument()
    waitingForDocument.delete(opened.memberId)
    const { status } = await send(opened, form({ name: 'early.pdf', bytes: randomBytes(5000) }))
    const { answer } = await lastUpload(opened)
    assert.deepEqual([status, answer], [200, 'echo: [{"refused":"unexpected","size":5000}]'])
    assert.equal(await documentsOf(opened.memberId), 0)
  })

  it('keeps nothing of a file that is sent twice with one id, but the first', async () => {
    const opened = await memberAtDocument()
    const twice = () => form({ name: 'a.pdf', bytes: randomBytes(100) }, { clientActivityID: 'once' })
    const answers = [await send(opened, twice()), await send(opened, twice())]
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
    assert.equal(await documentsOf(opened.memberId), 1)
  })

  it('leaves nothing behind when the line breaks in the middle of a file', async () => {
    const opened = await memberAtDocument()
    for (const sent of [200, 70_000, 600_000, 2 * MB]) await breakOff(server.domain, opened, sent)
    await until(() => true, 'the server to notice', 500)
    for (let tries = 0; tries < 100 && (await documentsOf(opened.memberId)) > 0; tries++)
      await new Promise(resolve => setTimeout(resolve, 100))
    assert.equal(await documentsOf(opened.memberId), 0)
    assert.equal((await transcriptOf(server.domain, opened)).length, 1)
    assert.deepEqual(server.logged, [])
  })

  it('is refused a body far above any file before it is sent', async () => {
    const { conversationId, token } = await memberAtDocument()
    const headers = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(100 * MB) }
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const path = `${server.domain}/conversations/${conversationId}/upload`
      const upload = nodeRequest(path, { method: 'POST', headers: { ...headers, authorization: `Bearer ${token}` } })
      upload.on('response', response => resolve(response.statusCode)).on('error', reject)
      upload.write('--x\r\n')
    })
    assert.equal(status, 413)
  })

  for (const [wrong, contentType, body, expected] of [
    ['no multipart', 'application/json', '{}', 415],
    ['no boundary', 'multipart/form-data', 'x', 415],
    [
      'an end that is missing',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
      400,
    ],
    ['broken headers of a part', 'multipart/form-data; boundary=x', '--x\r\n\0\0: \r\n\r\nx\r\n--x--\r\n', 400],
    ['no activity and no file', 'multipart/form-data; boundary=x', '--x--\r\n', 422],
  ] as const)
    it(`is refused ${wrong} with ${expected}`, async () => {
      const { conversationId, token } = await memberAtDocument()
      const path = `/conversations/${conversationId}/upload`
      const headers = { 'content-type': contentType }
      const { status, json } = await ask(server.domain, `POST ${path}`, { token, body, headers })
      assert.equal(status, expected)
      assert.ok(json.error)
    })
})
