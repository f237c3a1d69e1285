// A QR code that a phone's camera reads from the screen: black on white in both themes, with the quiet edge that the standard asks for.

import { encode } from 'uqr'
import './qr-code.css'

/** In modules. */
const edge = 4

export const QrCode = ({ text, label }: { text: string; label: string }) => {
  const { data, size } = encode(text, { ecc: 'M', border: 0 })
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  const side = size + 2 * edge
  return (
    <svg
      className="qr-code"
      viewBox={`${-edge} ${-edge} ${side} ${side}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={dark.join('')} />
    </svg>
  )
}
