import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateSync } from 'node:zlib'
import { createPdfCheck } from '../../../services/documents/pdf-check/pdf-check.ts'
import { pieces } from '../../support/pieces.ts'
import { plainPdf } from '../../support/pdfs.ts'
import { silentLog } from '../../support/silent-log.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')
const zipWith = (name: string) =>
  bytes(`PK\x03\x04\x14\0\0\0\x08\0${'\0'.repeat(16)}${String.fromCharCode(name.length)}\0\0\0${name}`)

const files: Record<string, [content: Buffer, type: string | undefined]> = {
  'a JPEG photo': [bytes('\xff\xd8\xff\xe1\x1c\x45Exif\0\0'), 'photo'],
  'a PNG screenshot': [bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), 'photo'],
  'an iPhone photo': [bytes('\0\0\0\x24ftypheic\0\0\0\0mif1heic'), 'photo'],
  'a photo from a messenger': [bytes('RIFF\x24\0\0\0WEBPVP8 '), 'photo'],
  'a TIFF scan': [bytes('II*\0\x08\0\0\0'), 'photo'],
  'a Word document': [zipWith('[Content_Types].xml'), 'office'],
  'an old Word document': [bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'), 'office'],
  'an OpenDocument text': [zipWith('mimetypeapplication/vnd.oasis.opendocument.text'), 'office'],
  'a folder in a ZIP': [zipWith('scan1.jpg'), 'archive'],
  'a RAR': [bytes('Rar!\x1a\x07\x01\0'), 'archive'],
  'a web page': [bytes('<!doctype html><p>%PDF-1.7'), undefined],
  'a program': [bytes('MZ\x90\0\x03\0\0\0'), undefined],
  'plain text': [bytes('bonjour'), undefined],
  noise: [deflateSync(Buffer.alloc(500, 3)), undefined],
  'a program with a PDF behind it': [Buffer.concat([bytes('MZ\x90\0'), plainPdf()]), undefined],
  'an archive with a PDF behind it': [Buffer.concat([zipWith('a.txt'), plainPdf()]), 'archive'],
  'a photo with a PDF behind it': [Buffer.concat([bytes('\xff\xd8\xff\xe1'), plainPdf()]), 'photo'],
  'a PDF of a version that never was': [bytes('%PDF-9.1\n'), undefined],
  'half a header': [bytes('%PDF-'), undefined],
}

describe('a member who sends something that is not a PDF', () => {
  for (const [name, [content, foundType]] of Object.entries(files))
    it(`is told so at once for ${name}`, async () => {
      const check = createPdfCheck({ log: silentLog })
      assert.deepEqual(await check.check(pieces(content)), {
        ok: false,
        reason: 'notPdf',
        ...(foundType && { foundType }),
      })
    })

  it('is told when there is nothing in it', async () => {
    assert.deepEqual(await createPdfCheck({ log: silentLog }).check(pieces(Buffer.alloc(0))), {
      ok: false,
      reason: 'empty',
    })
  })

  it('has only its beginning read', async () => {
    let read = 0
    let isEnded = false
    async function* photo() {
      try {
        yield bytes('\xff\xd8\xff\xe1')
        for (;;) {
          read += 4096
          yield Buffer.alloc(4096)
        }
      } finally {
        isEnded = true
      }
    }
    assert.equal((await createPdfCheck({ log: silentLog }).check(photo())).ok, false)
    assert.ok(read <= 8192, `${read} bytes`)
    assert.equal(isEnded, true)
  })
})
