import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the site's token address does. */
export type TokenAnswer = { status: number; type: string; body: string } | 'silent' | (() => Promise<string>)

export interface HostSite {
  readonly origin: string
  tokens: TokenAnswer
  close(): Promise<void>
}

/** Another site, which has the launcher on its page. `attributes` and `script` are the page's own. */
export async function startHostSite(page: (path: string) => string): Promise<HostSite> {
  const site = { origin: '', tokens: { status: 500, type: 'text/plain', body: '' } as TokenAnswer }

  async function answerToken(response: ServerResponse): Promise<void> {
    const { tokens } = site
    if (tokens === 'silent') return
    const { status, type, body } =
      typeof tokens === 'function' ? { status: 200, type: 'application/json', body: await tokens() } : tokens
    response.writeHead(status, { 'content-type': type }).end(body)
  }

  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    if (path.startsWith('/token')) return void answerToken(response)
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(path))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  site.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(site, {
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  })
}
