import { InvalidArgumentError } from 'commander'
import { registeredApps } from '../client/registeredApps.ts'
import type { AppId } from '../protocol/ids.ts'

/**
 * What a flag or its variable may say. Commander puts the flag and the text before the sentence, and ends the process with
 * exit code 2.
 */

export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (/^[0-9]{1,9}$/.test(text) && number >= from && number <= to) return number
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`)
  }
}

/** Threads of the processor. */
export const threadCount = wholeNumber(1, 1_024)

/** An origin: scheme, name and port. */
export function httpOrigin(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new InvalidArgumentError('It must be an http or https URL, such as https://weft.example.')
  }
  if (url.href !== `${url.origin}/`) {
    throw new InvalidArgumentError(
      `It must end with the host and port, without a path, a query or a password: ${url.origin}`,
    )
  }
  return url
}

/** Ids of apps that this build can run. */
export function appList(text: string): readonly AppId[] {
  const known = new Map(registeredApps.known.map(({ id }): [string, AppId] => [id, id]))
  const named = text.split(',').map((id) => known.get(id.trim()))
  const ids = named.filter((id) => id !== undefined)
  if (ids.length === named.length) return [...new Set(ids)]
  throw new InvalidArgumentError(
    `It must name apps of this build: ${[...known.keys()].join(', ')}.`,
  )
}

export function nonEmpty(text: string): string {
  if (text !== '') return text
  throw new InvalidArgumentError('It must not be empty.')
}
