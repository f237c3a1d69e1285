// File endings and their media types, as nginx' mime.types gives the common ones.

const table =
  'text/html html htm shtml|text/css css|text/xml xml|image/gif gif|image/jpeg jpeg jpg|application/javascript js|text/plain txt conf log|' +
  'image/png png|image/svg+xml svg svgz|image/webp webp|image/x-icon ico|font/woff woff|font/woff2 woff2|application/json json|' +
  'application/pdf pdf|application/wasm wasm|application/zip zip|application/x-tar tar|audio/mpeg mp3|video/mp4 mp4|text/markdown md'

export const mimeTypes: ReadonlyMap<string, string> = new Map(
  table.split('|').flatMap(row => {
    const [type = '', ...endings] = row.split(' ')
    return endings.map(ending => [ending, type] as const)
  }),
)
