import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { printer } from './printer.ts'

/** A stream that is a terminal or is not, and what was written to it. */
function stream(isTTY: boolean) {
  const written: string[] = []
  const to = new Writable({
    write(chunk: Buffer, _, done) {
      written.push(chunk.toString())
      done()
    },
  })
  const out = Object.assign(to, { isTTY }) as unknown as NodeJS.WriteStream
  return { out, text: () => written.join('') }
}

const rows = [
  ['abc', '1 %', 'first'],
  ['abcdef', '100 %', 'second'],
]

test('on a terminal columns stand under their heads', async () => {
  const { out, text } = stream(true)
  await printer(out).table(['BATCH', 'DONE', 'TITLE'], rows)
  expect(text()).toBe(
    ['BATCH   DONE   TITLE', 'abc     1 %    first', 'abcdef  100 %  second', ''].join('\n'),
  )
  expect(printer(out).number(12_345_678_901_234_567_890n)).toBe('12,345,678,901,234,567,890')
})

test('in a pipe there are tabs, no heads, and digits as they are', async () => {
  const { out, text } = stream(false)
  await printer(out).table(['BATCH', 'DONE', 'TITLE'], rows)
  await printer(out).record([['Batch', 'abc']])
  expect(text()).toBe('abc\t1 %\tfirst\nabcdef\t100 %\tsecond\nBatch\tabc\n')
  expect(printer(out).number('12345')).toBe('12345')
})

test('what others wrote cannot steer the terminal, nor add a row', async () => {
  const { out, text } = stream(true)
  await printer(out).record([['Title', 'a\u001b[31m\nb\u009b2J']])
  expect(text()).toBe('Title  a [31m b 2J\n')
})
