import type { IncomingMessage, ServerResponse } from 'node:http'
import type { PublicAddress } from '../public-address.ts'

/** Marks a redirected request: behind a proxy that hides its own Host from us, a page would else be redirected for ever. */
const mark = 'redirected'

/** Sends a browser that asks for a page at another host to PUBLIC_URL. @returns whether it did */
export function redirectPage(address: PublicAddress, req: IncomingMessage, res: ServerResponse): boolean {
  if (address.isOurs(req.headers)) return false
  const [path = '/', query = ''] = (req.url ?? '/').split('?', 2)
  const parameters = new URLSearchParams(query)
  if (parameters.has(mark)) return false
  parameters.set(mark, '1')
  // Not permanent: PUBLIC_URL may change, and browsers remember a permanent one for good.
  res.writeHead(302, { Location: `${address.origin}${path}?${parameters}`, 'Cache-Control': 'no-store' })
  res.end()
  return true
}
