import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { InvalidInputError } from '../protocol/errors.ts'

/**
 * A person's text file.
 * @param path `-` is standard input
 * @param where what named it, for the error
 * @throws InvalidInputError
 */
export async function readText(path: string | URL, where: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new InvalidInputError(where, `it cannot be read (${why})`)
  }
}
