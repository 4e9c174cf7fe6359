/** The part of a WebSocket that a session uses: browsers and Node bring it. */
export interface Socket {
  binaryType: 'arraybuffer' | 'blob'
  addEventListener(type: 'open' | 'close', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  send(bytes: Uint8Array<ArrayBuffer>): void
  close(code: number): void
}

/** @param server origin of the coordinator, http or https */
export function connectTo(server: URL): Socket {
  const url = new URL('/api/volunteer', server)
  url.protocol = server.protocol === 'https:' ? 'wss:' : 'ws:'
  return new WebSocket(url)
}
