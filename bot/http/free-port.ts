import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port that is free now: links and origins must name it before the server listens. */
export async function freePort(host: string): Promise<number> {
  const server = createServer()
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
