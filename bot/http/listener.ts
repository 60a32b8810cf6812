import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'

/** What a machine without IPv6 says to `::1`. */
const noSuchAddress = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

/** Where a server listens, and how it ends. */
export function createListener(http: HttpServer) {
  let second: Server | undefined

  return {
    async listen(port: number, host: string): Promise<number> {
      if (host !== 'localhost') return await listenOn(http, port, host)
      // Node takes one of the addresses that the name has, and browsers may come by the other.
      const taken = await listenOn(http, port, '127.0.0.1')
      second = await listenOnSecond(http, taken)
      return taken
    },

    /** Takes no more connections, lets requests in hand finish for `graceMs`, then cuts what is left. */
    async close(graceMs: number): Promise<void> {
      second?.close()
      if (http.listening) await closeGently(http, graceMs)
    },
  }
}

async function listenOnSecond(http: HttpServer, port: number): Promise<Server | undefined> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, socket => http.emit('connection', socket))
  try {
    await listenOn(server, port, '::1')
    return server
  } catch (error) {
    if (error instanceof Error && 'code' in error && noSuchAddress.has(String(error.code))) return undefined
    throw error
  }
}

async function listenOn(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return portOf(server.address())
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address ? address.port : 0
}

async function closeGently(http: HttpServer, graceMs: number): Promise<void> {
  const closed = once(http, 'close')
  http.close()
  // A connection that was busy when the server closed falls idle later, and would keep it open.
  const sweep = setInterval(() => http.closeIdleConnections(), 100)
  const cut = setTimeout(() => http.closeAllConnections(), graceMs)
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}
