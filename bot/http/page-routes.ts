import type { Request, Response, Server } from 'restify'
import type { PublicAddress } from '../public-address.ts'
import { redirectPage } from './page-redirect.ts'
import { sendError } from './respond.ts'
import type { SecurityHeaders } from './security-headers.ts'
import { sendFile, type StaticFiles } from './static-files.ts'

/** The pages and what they load, all of it built beforehand. */
export function installPages(
  server: Server,
  { files, headers, address }: { files: StaticFiles; headers: SecurityHeaders; address: PublicAddress },
): void {
  function send(name: string, req: Request, res: Response): void {
    const file = files.get(name)
    if (file) sendFile(req, res, file)
    else sendError(res, 404, { code: 'notFound' })
  }

  function page(name: string, framedBy: 'nobody' | 'allowed') {
    return (req: Request, res: Response): void => {
      if (redirectPage(address, req, res)) return
      headers.page(res, framedBy)
      send(name, req, res)
    }
  }

  const routes: [path: string, answer: (req: Request, res: Response) => void][] = [
    ['/', page('/index.html', 'nobody')],
    ['/chat', page('/chat.html', 'allowed')],
    ['/teams/link', page('/teams-link.html', 'nobody')],
    [
      '/widget.js',
      (req, res) => {
        // Loaded by the pages of other sites.
        res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
        send('/widget.js', req, res)
      },
    ],
    ['/assets/*', (req, res) => send((req.url ?? '').split('?', 1)[0] ?? '', req, res)],
  ]
  for (const [path, answer] of routes) {
    // restify takes a handler of two parameters for one that returns a promise.
    const handler = async (req: Request, res: Response) => answer(req, res)
    server.get(path, handler)
    server.head(path, handler)
  }
}
