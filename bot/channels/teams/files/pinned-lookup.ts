import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

/**
 * What a connection is given for a name: the addresses that were looked at, so that a name that leads elsewhere a moment
 * later leads nowhere.
 */
export function pinnedLookup(addresses: readonly LookupAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses
    if (!first) callback(new Error('no address'), '', 0)
    else if (options.all) callback(null, [...addresses])
    else callback(null, first.address, first.family)
  }
}

/** One address that is not of the public Internet condemns the name; a name of this machine leads to nothing else. */
export const mayConnect = (addresses: readonly LookupAddress[], { isLoopback }: { isLoopback: boolean }): boolean =>
  addresses.every(({ address }) => (isLoopback ? isLoopbackAddress(address) : isPublicAddress(address)))
