import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv4 } from 'node:net'
import { AppError } from '../../services/errors.ts'

/** Where a request comes from, as far as it can be believed; an IPv6 client counts by its /64, of which it has every address. */
export type ClientAddress = (req: IncomingMessage) => string

/**
 * @param trustedProxies addresses or CIDR ranges whose `X-Forwarded-For` is believed
 * @throws {AppError} `config.invalid` for an entry that is neither
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const [place, entry] of trustedProxies.entries()) add(trusted, entry, place)
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')

  return req => {
    let address = plain(req.socket.remoteAddress ?? '')
    const forwarded = [req.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
    // From the nearest hop backwards: what stands before the first address we do not trust, anybody could have written.
    while (isTrusted(address)) {
      const previous = plain(forwarded.pop()?.trim() ?? '')
      if (isIP(previous) === 0) break
      address = previous
    }
    return isIP(address) === 6 ? network64(address) : address
  }
}

function add(list: BlockList, entry: string, place: number): void {
  const [address = '', prefix] = entry.split('/')
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
  try {
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  } catch (cause) {
    throw new AppError('config.invalid', `TRUSTED_PROXIES, entry ${place + 1}: expected an address or a CIDR range`, {
      cause,
    })
  }
}

/** A socket that listens on both families shows IPv4 as `::ffff:192.0.2.1`; proxies may add a port or a zone. */
function plain(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  const bracketed = /^\[(.+)\](:\d+)?$/.exec(bare)?.[1]
  return bracketed ?? bare.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
}

function network64(address: string): string {
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const groups =
    tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
  const first = groups.slice(0, 4).map(group => Number.parseInt(group, 16).toString(16))
  return `${first.join(':')}::/64`
}
