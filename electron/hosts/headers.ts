// The headers of every answer that a page gets, whichever host gives it.

/** Scripts, fonts and images only from us; styles also inline, because xterm writes its own; no other site may frame us. */
export const contentSecurityPolicy = (connect: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** @param connect what the page may open connections to, as in a CSP source list */
export const securityHeaders = (connect: readonly string[]): Record<string, string> => ({
  'Content-Security-Policy': contentSecurityPolicy(connect),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
})

/** Files named by their content's hash never change; anything else is asked for again. */
export const cacheControl = (isHashed: boolean): string => (isHashed ? 'public, max-age=31536000, immutable' : 'no-store')
