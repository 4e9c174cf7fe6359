import type { IncomingMessage } from 'node:http'
import { isIP, isIPv6 } from 'node:net'
import { isLoopback } from '../http/names.ts'

/**
 * Whom limits by address count: an IPv4 address, or the first 64 bits of an IPv6 one, since every subscriber has at least
 * as many addresses as the rest allows. Of what comes through a trusted proxy it is the last hop that the proxy names.
 */
export function clientAddress(
  request: Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } },
  trustedProxy: 'off' | 'loopback',
): string {
  const peer = request.socket.remoteAddress ?? ''
  if (trustedProxy === 'off' || !isLoopback(peer)) return network(peer)
  const hops = [request.headers['x-forwarded-for'] ?? ''].flat().join(',')
  const last = hops.split(',').at(-1)?.trim() ?? ''
  return network(isIP(last) === 0 ? peer : last)
}

function network(address: string): string {
  const [bare = ''] = address.split('%')
  if (!isIPv6(bare)) return bare
  // In the URL's own spelling: hexadecimal, and lower case.
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::')
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  const groups = [...before, ...zeros, ...after]
  const isMapped = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff'
  return isMapped ? ipv4(groups.slice(6)) : groups.slice(0, 4).join(':')
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':')
}

function ipv4(groups: readonly string[]): string {
  const words = groups.map((group) => Number.parseInt(group, 16))
  return words.flatMap((word) => [word >> 8, word & 255]).join('.')
}
