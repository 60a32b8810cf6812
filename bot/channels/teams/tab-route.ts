import { createHash } from 'node:crypto'
import type { Server } from 'restify'
import { teamsAppWords } from '../../../locales/teams-app-words.ts'

/** Who may frame the tab: Teams in browsers and on desktops, and the Microsoft 365 pages that show its apps. */
const hosts = [
  'https://teams.microsoft.com',
  'https://*.teams.microsoft.com',
  'https://*.cloud.microsoft',
  'https://*.microsoft365.com',
  'https://*.office.com',
]

const style = `
:root{color-scheme:light dark;--paper:#f5f1e8;--ink:#1b2a24;--green:#0b5d43;--on-green:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#0f1613;--ink:#e9efe9;--green:#7fd0ae;--on-green:#0f1613}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--paper);color:var(--ink);
font:16px/1.6 'Segoe UI',Tahoma,Arial,sans-serif}
main{max-width:34rem;padding:2rem}
h1{font-size:1.5rem;margin:0 0 1rem}
a{display:inline-block;margin-top:1rem;padding:.75rem 1.5rem;border-radius:14px;background:var(--green);
color:var(--on-green);text-decoration:none;font-weight:600}
a:focus-visible{outline:3px solid var(--ink);outline-offset:3px}`

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  `frame-ancestors 'self' ${hosts.join(' ')}`,
].join('; ')

/**
 * `GET /teams/tab?lang=`: the app's personal tab. It opens the web chat in the browser: within Teams' frame the session's
 * cookie, which is not for other sites, would never arrive, and nobody could sign in.
 */
export function installTab(server: Server, { publicUrl }: { readonly publicUrl: string }): void {
  const pages = { fr: page('fr', publicUrl), ar: page('ar', publicUrl) }
  // restify takes a handler of two parameters for one that returns a promise.
  server.get('/teams/tab', async (req, res) => {
    const language = new URL(req.url ?? '/', publicUrl).searchParams.get('lang') ?? ''
    res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy })
    res.end(pages[/^ar\b/i.test(language) ? 'ar' : 'fr'])
  })
}

function page(language: 'fr' | 'ar', publicUrl: string): string {
  const { tab } = teamsAppWords(language)
  const url = `${publicUrl}/?lang=${language}`
  return (
    `<!doctype html><html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width,initial-scale=1"><title>${tab.title}</title>` +
    `<style>${style}</style></head><body><main><h1>${tab.title}</h1><p>${tab.explain}</p>` +
    `<a href="${url}" target="_blank" rel="noopener">${tab.open}</a></main></body></html>`
  )
}
