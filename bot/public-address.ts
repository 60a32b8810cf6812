import type { IncomingHttpHeaders } from 'node:http'

/** Where browsers reach this service: PUBLIC_URL, and on this very machine the other names of loopback. */
export interface PublicAddress {
  /** PUBLIC_URL's origin. */
  readonly origin: string
  /** Every origin that is ours; PUBLIC_URL's comes first. */
  readonly origins: readonly string[]
  /** False when the request named another host: its Host header is then used for nothing. */
  isOurs(headers: IncomingHttpHeaders): boolean
  /** The origin for addresses in the answer: the one that the request came to, if it is ours, else PUBLIC_URL's. */
  originFor(headers: IncomingHttpHeaders): string
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

export function createPublicAddress(publicUrl: string): PublicAddress {
  const { origin, protocol, hostname, port } = new URL(publicUrl)
  const suffix = port === '' ? '' : `:${port}`
  const names = loopbackNames.includes(hostname) ? loopbackNames : [hostname]
  const byHost = new Map(names.map(name => [`${name}${suffix}`, `${protocol}//${name}${suffix}`]))
  const reached = ({ host = '' }: IncomingHttpHeaders) => byHost.get(host.toLowerCase())
  return {
    origin,
    origins: [...new Set([origin, ...byHost.values()])],
    isOurs: headers => reached(headers) !== undefined,
    originFor: headers => reached(headers) ?? origin,
  }
}
