import type { IncomingHttpHeaders } from 'node:http'

const UNSAFE: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

export function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined
}

interface Asked {
  readonly method: string
  readonly headers: IncomingHttpHeaders
}

/**
 * May this request change something in the name of a cookie? SameSite=Strict keeps other sites' requests from bringing it; this refuses those that do
 * all the same: from a sister host of the same site, from a browser that knows no SameSite. Browsers say where a request comes from, and no page can
 * change it: `Sec-Fetch-Site` (W3C Fetch Metadata), else `Origin` (RFC 6454 §7), which each sends with an unsafe method. Who sends neither is no
 * browser, and needs no cookie.
 */
export function isOurPage({ method, headers }: Asked, publicUrl: string): boolean {
  if (!UNSAFE.has(method)) return true
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return headers.origin !== undefined && isOurs(headers.origin, headers.host, publicUrl)
}

/** Did another site's page send it? For what needs no cookie: signing somebody in as somebody else. */
export function isOtherPage({ headers }: Asked, publicUrl: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  return headers.origin !== undefined && !isOurs(headers.origin, headers.host, publicUrl)
}

/** As the product is known outside, or as this request calls it: a browser names the host that it asks, a page cannot. */
const isOurs = (origin: string, host: string | undefined, publicUrl: string) =>
  origin === originOf(publicUrl) || (URL.canParse(origin) && new URL(origin).host === host)
