import { MAX_DOCUMENT_BYTES } from '../../services/documents/limits.ts'
import { MAX_PAGES } from '../../services/documents/pdf-check/limits.ts'
import { pagedPdf, plainPdf, protectedPdf } from './pdfs.ts'

const attached = {
  catalog: '/Names << /EmbeddedFiles << /Names [(a.xls) 4 0 R] >> >>',
  more: [
    '<< /Type /Filespec /F (a.xls) /EF << /F 5 0 R >> >>',
    { dictionary: '/Type /EmbeddedFile', stream: Buffer.from('x') },
  ],
}

const makers: Readonly<Record<string, () => Uint8Array | Promise<Uint8Array>>> = {
  pdf: plainPdf,
  'pdf-of-3-pages': () => pagedPdf(3),
  photo: () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('JFIF, as a phone takes it')]),
  word: () => Buffer.from('PK\u0003\u0004 [Content_Types].xml word/document.xml', 'latin1'),
  zip: () => Buffer.from('PK\u0003\u0004 radio.jpg', 'latin1'),
  text: () => Buffer.from('Bonjour'),
  empty: () => new Uint8Array(),
  damaged: () => plainPdf().subarray(0, 60),
  'without-pages': () => pagedPdf(0),
  'too-many-pages': () => pagedPdf(MAX_PAGES + 1),
  'too-large': () => Buffer.alloc(MAX_DOCUMENT_BYTES + 3 * 1024 * 1024, plainPdf()),
  encrypted: () => protectedPdf({ userPassword: 'secret', ownerPassword: 'owner' }),
  scripted: () => pagedPdf(1, { catalog: '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>' }),
  'with-attachments': () => pagedPdf(1, attached),
}

/** A file of the kind that a transcript names. */
export async function fileOf(kind: string): Promise<Uint8Array> {
  const make = makers[kind]
  if (!make) throw new Error(`no kind of file « ${kind} »`)
  return make()
}
