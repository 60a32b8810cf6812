import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

/**
 * What a connection asks for its address: the ones that were looked at are the ones connected to, so that a name that leads
 * elsewhere a moment later leads nowhere. One address that is not public condemns the name.
 */
export function pinnedLookup(
  resolve: Resolve,
  { isLoopback }: { readonly isLoopback: boolean },
): { readonly lookup: LookupFunction; readonly hasRefused: () => boolean } {
  let isRefused = false
  const isAllowed = isLoopback ? isLoopbackAddress : isPublicAddress

  const lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname).then(
      addresses => {
        const [first] = addresses
        isRefused = !addresses.every(({ address }) => isAllowed(address))
        if (!first || isRefused) callback(new Error('no address is public'), '', 0)
        else if (options.all) callback(null, [...addresses])
        else callback(null, first.address, first.family)
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error('not resolved'), '', 0),
    )
  }
  return { lookup, hasRefused: () => isRefused }
}
