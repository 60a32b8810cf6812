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

export function createSecurityHeaders(settings: {
  publicUrl?: string | undefined
  allowedOrigins: readonly string[]
}): SecurityHeaders {
  const isSecure = settings.publicUrl?.startsWith('https:') ?? false
  // Older Safari does not count the WebSocket of our own host as 'self'.
  const ownSocket =
    settings.publicUrl === undefined ? '' : ` ${new URL(settings.publicUrl).origin.replace(/^http/, 'ws')}`
  const pageRules = [
    "default-src 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${emptyStyle}`,
    `connect-src 'self' blob:${ownSocket}`,
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
      const ancestors = framedBy === 'nobody' ? "'none'" : ["'self'", ...settings.allowedOrigins].join(' ')
      res.setHeader('Content-Security-Policy', [...pageRules, `frame-ancestors ${ancestors}`].join('; '))
      res.setHeader('Permissions-Policy', permissions)
      if (framedBy === 'allowed') return
      res.setHeader('X-Frame-Options', 'DENY')
      res.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    },
  }
}
