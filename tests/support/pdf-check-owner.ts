/** A process that checks a file which never comes to its end, and keeps a second child warm; it says when both are there. */
import { createPdfCheck } from '../../services/documents/pdf-check/pdf-check.ts'
import { pagedPdf } from './pdfs.ts'
import { silentLog } from './silent-log.ts'

const check = createPdfCheck({ log: silentLog })
async function* endless() {
  yield pagedPdf(100)
  check.prepare()
  process.stdout.write('sending\n')
  await new Promise(() => setInterval(() => undefined, 1000))
}
await check.check(endless())
