// A drawing as a picture of its own: the page's styles written into it, its fonts embedded, twice as fine as on screen.

const styles = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-variant-ligatures',
  'font-variant-numeric',
] as const

const withStyles = (svg: SVGSVGElement): SVGSVGElement => {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const from = [svg, ...svg.querySelectorAll<SVGElement>('*')]
  const to = [copy, ...copy.querySelectorAll<SVGElement>('*')]
  for (const [index, element] of from.entries()) {
    const computed = getComputedStyle(element)
    for (const name of styles) to[index]?.style.setProperty(name, computed.getPropertyValue(name))
  }
  return copy
}

const isIn = (range: string, text: string): boolean => {
  const spans = range.split(',').map(part => {
    const [from = '0', to] = part.trim().replace(/^U\+/i, '').split('-')
    return [Number.parseInt(from.replaceAll('?', '0'), 16), Number.parseInt(to ?? from.replaceAll('?', 'f'), 16)] as const
  })
  return [...text].some(sign =>
    spans.some(([from, to]) => (sign.codePointAt(0) ?? 0) >= from && (sign.codePointAt(0) ?? 0) <= to),
  )
}

const dataUrl = async (url: string): Promise<string> => {
  const blob = await (await fetch(url)).blob()
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}

/** The page's font faces that some sign of the text needs, each with its file inside. */
const fontsFor = async (text: string): Promise<string> => {
  const rules = [...document.styleSheets].flatMap(sheet =>
    [...sheet.cssRules].map(rule => ({ rule, base: sheet.href ?? location.href })),
  )
  const faces = rules.flatMap(({ rule, base }) => {
    if (!(rule instanceof CSSFontFaceRule)) return []
    const range = rule.style.getPropertyValue('unicode-range') || 'U+0-10FFFF'
    const url = /url\("?([^")]+)"?\)/.exec(rule.style.getPropertyValue('src'))?.[1]
    return url && isIn(range, text) ? [{ css: rule.cssText, url, at: new URL(url, base).href }] : []
  })
  const written = await Promise.all(faces.map(async ({ css, url, at }) => css.replaceAll(url, await dataUrl(at))))
  return written.join('\n')
}

/** The colour that the drawing lies on: of the nearest element that has one. */
const groundOf = (element: Element): string => {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at)
    if (backgroundColor !== 'transparent' && backgroundColor !== 'rgba(0, 0, 0, 0)') return backgroundColor
  }
  return '#ffffff'
}

/** @param scale pixels of the picture for one of the page */
export const pngOf = async (svg: SVGSVGElement, scale = 2): Promise<Blob> => {
  const { width, height } = svg.viewBox.baseVal
  const margin = 24
  const copy = withStyles(svg)
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style')
  style.textContent = await fontsFor(svg.textContent ?? '')
  copy.prepend(style)
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = (width + 2 * margin) * scale
  canvas.height = (height + 2 * margin) * scale
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  context.fillStyle = groundOf(svg)
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.scale(scale, scale)
  context.drawImage(image, margin, margin, width, height)
  return new Promise((resolve, reject) =>
    canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'),
  )
}
