import type { ServerResponse } from 'node:http'

/** SHA-256 of nothing: Web Chat's style engine opens an empty `<style>` and fills it by script, which needs no other leave. */
const emptyStyle = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"

/** Features that no page of ours uses; speech is left out of the chat. */
const nothing = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
]

const permissions = nothing.map(feature => `${feature}=()`).join(', ')

export interface SecurityHeaders {
  /** For whatever is answered, and enough for JSON. */
  everywhere(res: ServerResponse): void
  /** For a page. @param framedBy who may frame it: nobody, or the chat's allowed origins */
  page(res: ServerResponse, framedBy: 'nobody' | 'allowed'): void
}

/** @param own every origin that is ours; framers the other sites that may frame the chat */
export function createSecurityHeaders({
  own,
  framers,
}: {
  own: readonly string[]
  framers: readonly string[]
}): SecurityHeaders {
  const isSecure = own.every(origin => origin.startsWith('https:'))
  // Older Safari does not count the WebSocket of our own host as 'self'. A policy cannot name an address of IPv6.
  const ownSockets = own.filter(origin => !origin.includes('[')).map(origin => origin.replace(/^http/, 'ws'))
  const pageRules = [
    "default-src 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${emptyStyle}`,
    `connect-src 'self' blob: ${ownSockets.join(' ')}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
  ]
  const always: readonly [string, string][] = [
    ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
    ['X-Content-Type-Options', 'nosniff'],
    ['Referrer-Policy', 'no-referrer'],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ...(isSecure ? [['Strict-Transport-Security', 'max-age=31536000'] as [string, string]] : []),
  ]

  return {
    everywhere(res) {
      for (const [name, value] of always) res.setHeader(name, value)
    },
    page(res, framedBy) {
      const ancestors = framedBy === 'nobody' ? "'none'" : ["'self'", ...framers].join(' ')
      res.setHeader('Content-Security-Policy', [...pageRules, `frame-ancestors ${ancestors}`].join('; '))
      res.setHeader('Permissions-Policy', permissions)
      if (framedBy === 'allowed') return
      res.setHeader('X-Frame-Options', 'DENY')
      res.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    },
  }
}
