import { isIP } from 'node:net'
import { loopbackHosts, namesHost } from '../service-hosts.ts'
import { isPublicAddress } from './public-address.ts'

/** Where a file may be fetched. */
export interface FileAddress {
  readonly url: URL
  /** Of this machine, and named as such. */
  readonly isLoopback: boolean
}

/** @returns undefined for what is no address of a file store that we know */
export type FileHosts = (address: string, from?: URL) => FileAddress | undefined

const ADDRESS_LIMIT = 8 * 1024

/**
 * @param allowed `host` or `host:port`; `*.` stands for any name below. A host that names no port means the scheme's own.
 *   Plain http, and this machine, are for a loopback host that is named.
 */
export function createFileHosts(allowed: readonly string[]): FileHosts {
  return (address, from) => {
    if (address.length > ADDRESS_LIMIT || !URL.canParse(address, from)) return undefined
    const url = new URL(address, from)
    if (url.username !== '' || url.password !== '' || !namesHost(allowed, url.host)) return undefined
    const isLoopback = loopbackHosts.has(url.hostname)
    if (url.protocol !== 'https:' && !(isLoopback && url.protocol === 'http:')) return undefined
    // No name server is asked about these, so that nothing else would look at them.
    const literal = url.hostname.replaceAll(/[[\]]/g, '')
    if (isIP(literal) !== 0 && !isLoopback && !isPublicAddress(literal)) return undefined
    return { url, isLoopback }
  }
}
