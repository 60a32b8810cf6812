export const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Whether replies, and with them our token, may go to this address. */
export type ServiceHosts = (serviceUrl: string) => boolean

/**
 * @param allowed `host` or `host:port`; `*.` stands for any name below. A host that names no port means the scheme's own.
 *   Plain http is for a loopback host that is named.
 */
export function createServiceHosts(allowed: readonly string[]): ServiceHosts {
  return serviceUrl => {
    const url = URL.canParse(serviceUrl) ? new URL(serviceUrl) : undefined
    if (!url || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false
    const isPlain = url.protocol === 'http:' && loopbackHosts.has(url.hostname)
    if (url.protocol !== 'https:' && !isPlain) return false
    return namesHost(allowed, url.host)
  }
}

/** @param host with its port, unless that is the scheme's own */
export const namesHost = (allowed: readonly string[], host: string): boolean =>
  allowed.some(pattern => matches(pattern, host))

function matches(pattern: string, host: string): boolean {
  return pattern.startsWith('*.')
    ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1
    : host === pattern
}
