import type { Server } from 'node:http'
import { BlockList, isIPv4, isIPv6 } from 'node:net'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')
LOOPBACK.addSubnet('::ffff:127.0.0.0', 104, 'ipv6')

/** Whether this IP address, however it is spelled, is this machine's own and no other machine's. */
export function isLoopback(address: string): boolean {
  if (isIPv4(address)) return LOOPBACK.check(address, 'ipv4')
  return isIPv6(address) && LOOPBACK.check(address, 'ipv6')
}

/** Which names and origins a coordinator answers to. */
export interface Names {
  /** @param host the Host header */
  answersTo(host: string | undefined): boolean
  /** Whether a page of this origin may open a session. @param host the Host header of the same request */
  admits(origin: string, host: string | undefined): boolean
}

/**
 * A page whose own name was made to point here (DNS rebinding) sends that name, and must not read what this coordinator
 * shows, nor speak in a visitor's name. On a loopback address only names of this machine are answered, and the public
 * names; on any other, any name is until public names are set.
 *
 * @param server once it listens: what counts is the address that is bound, not how it was spelled
 * @param publicNames in lower case, without ports
 */
export function namesOf(server: Server, publicNames: readonly string[]): Names {
  const isPublic = (name: string | undefined) => name !== undefined && publicNames.includes(name)
  return {
    answersTo(host) {
      const name = host === undefined ? undefined : nameIn(`http://${host}`)
      if (name === undefined) return false
      if (isPublic(name) || isThisMachine(name)) return true
      return publicNames.length === 0 && !isBoundToLoopback(server)
    },
    admits(origin, host) {
      if (isPublic(nameIn(origin))) return true
      return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()
    },
  }
}

export function isBoundToLoopback(server: Server): boolean {
  const bound = server.address()
  return typeof bound === 'object' && bound !== null && isLoopback(bound.address)
}

function isThisMachine(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || isLoopback(name)
}

/** Only what is a host and at most a port: a path, a user or a second name would be read another way elsewhere. */
function nameIn(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname, username, password, pathname, search, hash } = new URL(url)
  if (username || password || search || hash || pathname !== '/') return undefined
  return hostname.replace(/^\[|\]$/g, '')
}
