/** Whether only this machine can reach what listens on this address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(host)
}

/**
 * Whether a Host header names this machine. A page whose own name was made to point to 127.0.0.1 (DNS rebinding) sends its
 * own name here, and must not read what only this machine may.
 */
export function namesLoopback(header: string | undefined): boolean {
  if (header === undefined || !URL.canParse(`http://${header}`)) return false
  const { hostname } = new URL(`http://${header}`)
  return isLoopback(hostname.replace(/^\[|\]$/g, '')) || hostname.endsWith('.localhost')
}
