import assert from 'node:assert/strict'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { Upload } from 'tus-js-client'
import { CHUNK_BYTES } from '../../services/documents/document-sealing.ts'
import { announce, cutPiece, offsetIn, pieceHeaders, tusHeaders } from './support/pieces-upload.ts'
import { startDirectLine } from './support/direct-line-server.ts'
import type { TestServer } from './support/direct-line-server.ts'
import { ask, openConversation, transcriptOf } from './support/requests.ts'
import type { Opened } from './support/requests.ts'

const KB = 1024
const MB = 1024 * KB
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
type AtDocument = Opened & { readonly memberId: string; readonly draft: string }

describe('a member whose line is cut while their document is on its way', () => {
  let server: TestServer
  const drafts = new Map<string, string>()

  before(async () => {
    const openDraftOf = async (memberId: string) => {
      const id = drafts.get(memberId)
      return id === undefined ? undefined : { id, step: 'document' }
    }
    server = await startDirectLine({ openDraftOf })
  })
  after(async () => {
    await server.close()
  })

  async function atDocument(): Promise<AtDocument> {
    const { id: memberId } = await server.newMember()
    const draft = randomUUID()
    drafts.set(memberId, draft)
    const insert = `insert into draft (id, member_id, language, channel) values ($1, $2, 'fr', 'webchat')`
    await server.database.query(insert, [draft, memberId])
    const opened = await openConversation(server.domain, (await server.tokenFor(memberId)).token)
    return { ...opened, memberId, draft }
  }

  const begin = (opened: Opened, file: Parameters<typeof announce>[2]) => announce(server.domain, opened, file)
  const look = ({ token }: Opened, at: string) => ask(server.domain, `HEAD ${at}`, { token, headers: tusHeaders })
  const patch = ({ token }: Opened, at: string, { offset, bytes }: { offset: number; bytes: Uint8Array }) =>
    ask(server.domain, `PATCH ${at}`, { token, body: new Uint8Array(bytes), headers: pieceHeaders(offset) })

  async function reached(opened: Opened, at: string, offset: number): Promise<number> {
    for (let tries = 0; tries < 200; tries++) {
      const now = offsetIn(await look(opened, at))
      if (now >= offset) return now
      await new Promise(resolve => setTimeout(resolve, 25))
    }
    throw new Error(`it never came as far as ${offset}`)
  }

  async function fileShown(opened: Opened) {
    await server.turns.settled()
    const files = (await transcriptOf(server.domain, opened)).filter(({ attachments }) => attachments)
    const shown = files.at(-1)
    const url = shown?.attachments?.[0]?.contentUrl
    const bytes = url === undefined ? undefined : new Uint8Array(await (await fetch(url)).arrayBuffer())
    return { shown, count: files.length, sha256: bytes && sha256(bytes) }
  }

  async function documentsOf({ memberId }: AtDocument) {
    const { rows } = await server.database.query(
      'select state, size, sha256, (select count(*)::int from document_chunk where document_id = id) as chunks from document where member_id = $1',
      [memberId],
    )
    return rows
  }

  it('sends it with the stock client of the protocol, whole and once, and can download it again', async () => {
    const opened = await atDocument()
    const bytes = randomBytes(3 * MB + 17)
    const activity = JSON.stringify({ type: 'message', channelData: { clientActivityID: 'tus-1' } })
    const seen: number[] = []
    await new Promise<void>((resolve, reject) => {
      const upload = new Upload(bytes, {
        endpoint: `${server.domain}/conversations/${opened.conversationId}/uploads`,
        headers: { authorization: `Bearer ${opened.token}` },
        metadata: { filename: 'ordonnance وصفة.pdf', activity },
        chunkSize: 700_001,
        retryDelays: [],
        onChunkComplete: (_, accepted) => void seen.push(accepted),
        onSuccess: () => resolve(),
        onError: reject,
      })
      upload.start()
    })
    assert.deepEqual(seen, [700_001, 1_400_002, 2_100_003, 2_800_004, bytes.length])
    const { shown, count, sha256: hash } = await fileShown(opened)
    assert.deepEqual([count, hash], [1, sha256(bytes)])
    assert.deepEqual(
      [shown?.channelData['clientActivityID'], shown?.attachments?.[0]?.name],
      ['tus-1', 'ordonnance وصفة.pdf'],
    )
    const [document] = await documentsOf(opened)
    assert.deepEqual(
      [document?.['state'], document?.['size'], Buffer.from(document?.['sha256'] as Uint8Array).toString('hex')],
      ['received', bytes.length, sha256(bytes)],
    )
  })

  it('has the stock client go on by itself after the line broke', async () => {
    const opened = await atDocument()
    const bytes = randomBytes(MB)
    const { at } = await begin(opened, { bytes })
    await cutPiece(server.domain, { ...opened, at, offset: 0 }, bytes.subarray(0, 300_000))
    await reached(opened, at, 300_000)
    await new Promise<void>((resolve, reject) => {
      const headers = { authorization: `Bearer ${opened.token}` }
      const upload = new Upload(bytes, {
        uploadUrl: server.domain + at,
        headers,
        onSuccess: () => resolve(),
        onError: reject,
      })
      upload.start()
    })
    assert.equal((await fileShown(opened)).sha256, sha256(bytes))
  })

  it('goes on at the very byte where it was cut, wherever that was', async () => {
    const opened = await atDocument()
    const bytes = randomBytes(3 * CHUNK_BYTES + 5)
    const { at } = await begin(opened, { bytes })
    let offset = 0
    const cuts = [
      1,
      1000,
      CHUNK_BYTES - 1,
      CHUNK_BYTES,
      CHUNK_BYTES + 1,
      2 * CHUNK_BYTES + 9,
      3 * CHUNK_BYTES,
      3 * CHUNK_BYTES + 4,
    ]
    for (const cut of cuts) {
      await cutPiece(server.domain, { ...opened, at, offset }, bytes.subarray(offset, cut))
      offset = await reached(opened, at, cut)
      assert.equal(offset, cut)
    }
    const last = await patch(opened, at, { offset, bytes: bytes.subarray(offset) })
    const { shown, count, sha256: hash } = await fileShown(opened)
    assert.deepEqual([last.status, last.headers.get('activity-id')], [204, shown?.id])
    assert.deepEqual([count, hash], [1, sha256(bytes)])
    assert.equal((await documentsOf(opened))[0]?.['chunks'], 4)
    assert.deepEqual(server.logged, [])
  })

  it('goes on after a reload when they pick the same file again, under the new message', async () => {
    const opened = await atDocument()
    const bytes = randomBytes(2 * MB)
    const first = await begin(opened, { bytes, clientId: 'before' })
    await patch(opened, first.at, { offset: 0, bytes: bytes.subarray(0, MB + 7) })
    const again = await begin(opened, { bytes, clientId: 'after' })
    assert.deepEqual([again.status, again.at, offsetIn(again)], [201, first.at, MB + 7])
    await patch(opened, again.at, { offset: MB + 7, bytes: bytes.subarray(MB + 7) })
    const { shown, sha256: hash } = await fileShown(opened)
    assert.deepEqual([shown?.channelData['clientActivityID'], hash], ['after', sha256(bytes)])
  })

  it('begins anew with another file, for another request, and with the same file once that has come', async () => {
    const opened = await atDocument()
    const bytes = randomBytes(MB)
    const { at } = await begin(opened, { bytes })
    await patch(opened, at, { offset: 0, bytes: bytes.subarray(0, 1000) })
    const longer = await begin(opened, { bytes: Buffer.concat([bytes, randomBytes(1)]) })
    const other = await begin(opened, { bytes: randomBytes(MB) })
    await patch(opened, at, { offset: 1000, bytes: bytes.subarray(1000) })
    // A member may send three at once.
    for (const { at } of [longer, other])
      await ask(server.domain, `DELETE ${at}`, { token: opened.token, headers: tusHeaders })
    const whole = await begin(opened, { bytes })
    await server.database.query('delete from draft where member_id = $1', [opened.memberId])
    const elsewhere = await begin(opened, { bytes })
    assert.equal(new Set([at, longer.at, other.at, whole.at, elsewhere.at]).size, 5)
    assert.deepEqual([longer, other, whole, elsewhere].map(offsetIn), [0, 0, 0, 0])
  })

  it('has one of two that bring the same piece at once win, and the other told', async () => {
    const opened = await atDocument()
    const bytes = randomBytes(2 * CHUNK_BYTES)
    const { at } = await begin(opened, { bytes })
    const half = bytes.subarray(0, CHUNK_BYTES)
    const both = await Promise.all([
      patch(opened, at, { offset: 0, bytes: half }),
      patch(opened, at, { offset: 0, bytes: half }),
    ])
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [204, 409])
    const stale = await patch(opened, at, { offset: 0, bytes: half })
    assert.deepEqual([stale.status, offsetIn(stale)], [409, CHUNK_BYTES])
    const ends = await Promise.all(
      [1, 2].map(() => patch(opened, at, { offset: CHUNK_BYTES, bytes: bytes.subarray(CHUNK_BYTES) })),
    )
    assert.ok(ends.some(({ status }) => status === 204))
    const { count, sha256: hash } = await fileShown(opened)
    assert.deepEqual([count, hash], [1, sha256(bytes)])
  })

  it('has it once when the last answer was lost', async () => {
    const opened = await atDocument()
    const bytes = randomBytes(1000)
    const { at } = await begin(opened, { bytes, clientId: 'once' })
    const answer = await patch(opened, at, { offset: 0, bytes })
    const looked = await look(opened, at)
    const empty = await patch(opened, at, { offset: bytes.length, bytes: new Uint8Array() })
    const announced = await begin(opened, { bytes, clientId: 'once' })
    const ids = [answer, looked, empty, announced].map(({ headers }) => headers.get('activity-id'))
    const { shown, count } = await fileShown(opened)
    assert.deepEqual([new Set(ids).size, ids[0], count], [1, shown?.id, 1])
  })

  it('is not to be seen, gone on with or ended by anybody else', async () => {
    const opened = await atDocument()
    const stranger = await atDocument()
    const bytes = randomBytes(1000)
    const { at } = await begin(opened, { bytes })
    const own = at.replace(opened.conversationId, stranger.conversationId)
    for (const path of [at, own]) {
      const tries = [
        await look(stranger, path),
        await patch(stranger, path, { offset: 0, bytes }),
        await ask(server.domain, `DELETE ${path}`, { token: stranger.token, headers: tusHeaders }),
      ]
      assert.deepEqual(
        tries.map(({ status }) => status),
        [404, 404, 404],
      )
    }
    const theirs = await begin(stranger, { bytes })
    assert.ok(theirs.status === 201 && theirs.at !== at)
    assert.equal((await look(opened, at)).status, 200)
    assert.equal((await patch(opened, at, { offset: 0, bytes })).status, 204)
  })

  it('ends one, and nothing of it is left', async () => {
    const opened = await atDocument()
    const { at } = await begin(opened, { bytes: randomBytes(1000) })
    await patch(opened, at, { offset: 0, bytes: randomBytes(500) })
    const { status } = await ask(server.domain, `DELETE ${at}`, { token: opened.token, headers: tusHeaders })
    assert.deepEqual([status, (await look(opened, at)).status], [204, 404])
    assert.deepEqual(await documentsOf(opened), [])
  })

  it('passes a line that lets only GET and POST through', async () => {
    const opened = await atDocument()
    const bytes = randomBytes(1000)
    const { at } = await begin(opened, { bytes })
    const headers = { ...pieceHeaders(0), 'x-http-method-override': 'PATCH' }
    const { status } = await ask(server.domain, `POST ${at}`, { token: opened.token, body: bytes, headers })
    assert.deepEqual([status, (await fileShown(opened)).sha256], [204, sha256(bytes)])
  })

  for (const [file, size, refused] of [
    ['an empty file', 0, 'empty'],
    ['a file of 20 MB and a byte', 20 * MB + 1, 'tooLarge'],
  ] as const)
    it(`is answered in the chat for ${file}`, async () => {
      const opened = await atDocument()
      const { status, json } = await begin(opened, { bytes: randomBytes(10), size })
      await server.turns.settled()
      const shown = await transcriptOf(server.domain, opened)
      assert.deepEqual(
        [status, json['id'], shown.at(-1)?.text],
        [200, shown.at(-2)?.id, `echo: [{"refused":"${refused}","size":${size}}]`],
      )
      assert.deepEqual(await documentsOf(opened), [])
    })

  it('is told so when no file was asked for', async () => {
    const opened = await atDocument()
    drafts.delete(opened.memberId)
    const { status } = await begin(opened, { bytes: randomBytes(10) })
    await server.turns.settled()
    const answer = (await transcriptOf(server.domain, opened)).at(-1)?.text
    assert.deepEqual([status, answer], [200, 'echo: [{"refused":"unexpected","size":10}]'])
  })

  it('is no attack when ten photos and a PDF come one after the other, in small pieces', async () => {
    const opened = await atDocument()
    for (let file = 0; file < 11; file++) {
      const bytes = randomBytes(40_000)
      const { status, at } = await begin(opened, { bytes })
      assert.equal(status, 201)
      for (let offset = 0; offset < bytes.length; offset += 4_000) {
        const piece = { offset, bytes: bytes.subarray(offset, offset + 4_000) }
        assert.equal((await patch(opened, at, piece)).status, 204)
      }
    }
    assert.equal((await fileShown(opened)).count, 11)
  })

  it('has nothing of it stored in the clear, the piece at its end included', async () => {
    const opened = await atDocument()
    const word = 'ordonnance'.repeat(1000)
    const { at } = await begin(opened, { bytes: Buffer.from(word), size: 20_000 })
    await patch(opened, at, { offset: 0, bytes: Buffer.from(word) })
    const { rows } = await server.database.query(
      'select sealed from document_chunk join document on id = document_id where member_id = $1',
      [opened.memberId],
    )
    assert.equal(rows.length, 1)
    assert.equal(Buffer.from(rows[0]?.['sealed'] as Uint8Array).includes('ordonnance'), false)
  })

  it('finds it gone when the request was given up meanwhile', async () => {
    const opened = await atDocument()
    const { at } = await begin(opened, { bytes: randomBytes(1000) })
    await server.database.query('delete from document where dossier_id = $1', [opened.draft])
    assert.equal((await look(opened, at)).status, 404)
  })

  it('keeps the last byte out of a conversation that was closed', async () => {
    const opened = await atDocument()
    const bytes = randomBytes(1000)
    const { at } = await begin(opened, { bytes })
    await patch(opened, at, { offset: 0, bytes: bytes.subarray(0, 900) })
    await server.database.query('update conversation set closed_at = now() where id = $1', [opened.conversationId])
    const { status } = await patch(opened, at, { offset: 900, bytes: bytes.subarray(900) })
    assert.deepEqual([status, offsetIn(await look(opened, at))], [404, 900])
  })

  for (const [wrong, headers, expected] of [
    ['no version', { 'upload-length': '10' }, 412],
    ['another version', { 'tus-resumable': '0.2.2', 'upload-length': '10' }, 412],
    ['no length', tusHeaders, 400],
    ['a length with a sign', { ...tusHeaders, 'upload-length': '-1' }, 400],
    ['metadata that is none', { ...tusHeaders, 'upload-length': '1', 'upload-metadata': 'a b c' }, 400],
    ['a key twice', { ...tusHeaders, 'upload-length': '1', 'upload-metadata': 'a YQ==,a YQ==' }, 400],
    ['an activity that is none', { ...tusHeaders, 'upload-length': '1', 'upload-metadata': 'activity e30' }, 422],
    ['a hash that is too short', { ...tusHeaders, 'upload-length': '1', 'upload-metadata': 'head YQ==' }, 400],
  ] as const)
    it(`is refused ${wrong} with ${expected}`, async () => {
      const { conversationId, token } = await atDocument()
      const answer = await ask(server.domain, `POST /conversations/${conversationId}/uploads`, { token, headers })
      assert.deepEqual([answer.status, answer.headers.get('tus-resumable')], [expected, '1.0.0'])
    })

  it('is refused more bytes than were announced, and bytes of another type', async () => {
    const opened = await atDocument()
    const { at } = await begin(opened, { bytes: randomBytes(10) })
    assert.equal((await patch(opened, at, { offset: 0, bytes: randomBytes(11) })).status, 413)
    const headers = { ...pieceHeaders(0), 'content-type': 'application/pdf' }
    const plain = await ask(server.domain, `PATCH ${at}`, { token: opened.token, body: randomBytes(10), headers })
    assert.equal(plain.status, 415)
  })
})
