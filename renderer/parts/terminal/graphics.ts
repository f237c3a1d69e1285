// Draws by WebGL on real graphics hardware only: on software GL it is several times slower than the DOM.

import type { Terminal } from '@xterm/xterm'

const software = /swiftshader|llvmpipe|softpipe|software|basic render/i

/** Asked once: a context is created fine on software GL too, only its name tells. */
let answer: boolean | undefined
export const hasRealGraphics = (): boolean => {
  if (answer !== undefined) return answer
  const gl = document.createElement('canvas').getContext('webgl2')
  const info = gl?.getExtension('WEBGL_debug_renderer_info')
  const name = gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : 'software'
  gl?.getExtension('WEBGL_lose_context')?.loseContext()
  answer = !software.test(name)
  return answer
}

/** Falls back to the DOM when the graphics context is lost, as after a sleep. */
export const drawFast = async (terminal: Terminal): Promise<void> => {
  if (!hasRealGraphics()) return
  const { WebglAddon } = await import('@xterm/addon-webgl')
  if (!terminal.element?.isConnected) return
  const addon = new WebglAddon()
  addon.onContextLoss(() => addon.dispose())
  terminal.loadAddon(addon)
}
