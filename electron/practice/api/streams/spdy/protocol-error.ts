// What a peer did that SPDY does not allow; it ends the session and goes no further.

export class ProtocolError extends Error {
  override name = 'ProtocolError'
}
