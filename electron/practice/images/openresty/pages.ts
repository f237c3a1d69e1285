// The pages that nginx makes itself, for answers that have none.

const reasons: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Authorization Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  408: 'Request Time-out',
  410: 'Gone',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Large',
  416: 'Requested Range Not Satisfiable',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
}

/** The titles differ from the status line's words in places: so does nginx. */
export const statusWords: Readonly<Record<number, string>> = {
  ...reasons,
  200: 'OK',
  302: 'Moved Temporarily',
  401: 'Unauthorized',
  503: 'Service Temporarily Unavailable',
}

/** Undefined where nginx sends no page of its own. */
export const errorPageOf = (code: number, brand: string): string | undefined => {
  const reason = reasons[code]
  if (reason === undefined) return undefined
  const title = `${code} ${reason}`
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${brand}</center>\r\n</body>\r\n</html>\r\n`
}
