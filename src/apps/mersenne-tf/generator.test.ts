import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { generator } from './generator.ts'
import { inputSchema } from './input.ts'
import { nextPrime } from './primes.ts'

const id = '0123456789ABCDEF0123456789abcdef'
const parse = (text: string) => [...generator.parse(text)]
const states = (text: string) => parse(text).map(({ line, status }) => [line, status])
const keysOf = (text: string) =>
  parse(text).map((line) => (line.status === 'workunit' ? line.key : line.reason))
const reasonOf = (line: string) => {
  const [first] = parse(line)
  return first?.status === 'refused' ? first.reason : undefined
}

test('every form of a Factor line becomes a workunit', () => {
  const forms = [
    `Factor=${id},100000007,50,52`,
    'Factor=N/A,100000007,50,52',
    'Factor=n/a,100000007,50,52',
    'Factor=,100000007,50,52',
    'Factor=100000007,50,52',
    '  factor = 100000007 , 50 ,\t52  ',
    'FACTOR=100000007,50,52',
    // As copied from a web page.
    'Factor=N/A,\u00A0100000007,50,52\u00A0',
  ]
  const input = { exponent: 100000007, bitLo: 50, bitHi: 52, blockLog2: 23 }
  for (const line of forms)
    expect(parse(line)).toMatchObject([{ status: 'workunit', line: 1, input }])
})

test('the key of a workunit is its assignment id as written, or null', () => {
  expect(keysOf(`Factor=${id},11,3,8`)).toEqual([id])
  expect(keysOf(` factor = ${id} , 11, 3, 8 `)).toEqual([id])
  const none = ['Factor=N/A,11,3,8', 'Factor=n/a,11,3,8', 'Factor=,11,3,8', 'Factor=11,3,8']
  expect(keysOf(none.join('\n'))).toEqual([null, null, null, null])
})

test('an exponent may come more than once, and so may an assignment id', () => {
  expect(keysOf('Factor=11,3,8\nFactor=11,3,8')).toEqual([null, null])
  expect(keysOf(`Factor=${id},11,3,8\nFactor=${id},23,3,8`)).toEqual([id, id])
})

test('known factors in quotes are read over, and wrong ones are refused', () => {
  const line = `Factor=${id},11,3,8`
  for (const known of ['"23"', '"23,89"', ' " 23 , 89 " ']) {
    expect(parse(`${line},${known}`)).toEqual(parse(line))
    expect(parse(`Factor=11,3,8,${known}`)).toEqual(parse('Factor=11,3,8'))
  }
  for (const known of [',""', ',"23', ',"23,"', ',"23;89"', ',"23",', ',"0x17"', '"23"', ',"']) {
    expect(reasonOf(line + known)).toContain('known factors stand last')
  }
  expect(reasonOf('Factor="23"')).toContain('known factors stand last')
  expect(reasonOf(`${line},,"23"`)).toContain('ends with a comma')
})

test('comments, headings and blank lines give nothing, and lines keep their numbers', () => {
  const text =
    '\uFEFF# mine\r\n\r\n; old\n// other\n[Worker #1]\nFactor=11,3,8\r\nFactor=23,3,8\r\n'
  expect(states(text)).toEqual([
    [6, 'workunit'],
    [7, 'workunit'],
  ])
  expect(states(`# ${'é\0'.repeat(5_000)}\n[Wörker]`)).toEqual([])
  expect(states('')).toEqual([])
})

test('lines end with LF, CRLF or CR alone, and a byte order mark is not seen', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    expect(states(['\uFEFFFactor=11,3,8', '', 'Factor=23,3,8', 'x'].join(end))).toEqual([
      [1, 'workunit'],
      [3, 'workunit'],
      [4, 'refused'],
    ])
  }
})

test('a wrong line is refused and the others go on', () => {
  expect(states('Factor=11,3,8\nFactor=12,3,8\nTest=11,3,8\nFactor=11,8,9')).toEqual([
    [1, 'workunit'],
    [2, 'refused'],
    [3, 'refused'],
    [4, 'workunit'],
  ])
})

test('a refusal says what to do', () => {
  expect(reasonOf('hello')).toContain('write Factor=exponent,bit_lo,bit_hi')
  expect(reasonOf('PRP=N/A,1,2,100000007,-1')).toContain('PRP is another kind of work')
  expect(reasonOf('Factor=')).toContain('two bit levels are needed')
  expect(reasonOf('Factor=100000007,50')).toContain('two bit levels are needed')
  expect(reasonOf('Factor=100000007,50,52,')).toContain('ends with a comma: take it away')
  expect(reasonOf('Factor=N/A,100000007,50,52,1')).toContain('more fields')
  expect(reasonOf('Factor=XYZ,100000007,50,52')).toContain('assignment id')
  expect(reasonOf(`Factor=${id}0,100000007,50,52`)).toContain('assignment id')
  expect(reasonOf('Factor=1e8,50,52')).toContain('the exponent "1e8" is no whole number')
  expect(reasonOf('Factor=-100000007,50,52')).toContain('the exponent "-100000007" is no whole')
  expect(reasonOf('Factor=100000007,-50,52')).toContain('the lower bit level "-50" is no whole')
  expect(reasonOf('Factor=100000007,50,52.0')).toContain('the upper bit level "52.0" is no whole')
  expect(reasonOf('Factor=100000007,,52')).toContain('the lower bit level "" is no whole number')
  expect(reasonOf('Factor=100000009,50,52')).toContain('must be prime')
  expect(reasonOf('Factor=100000007,52,52')).toContain('must be above the lower one')
  expect(reasonOf('Factor=100000007,50,81')).toContain('from 1 to 80')
  expect(reasonOf('Factor=4294967311,64,65')).toContain('from 3 to 4294967295')
  expect(reasonOf(`Factor=${'9'.repeat(900)},64,65`)).toContain('from 3 to 4294967295')
})

test('what is no plain text is refused by the character that shows it', () => {
  const utf16 = Array.from('Factor=11,3,8', (character) => `${character}\0`).join('')
  expect(reasonOf(utf16)).toContain('the character U+0000: save the file as plain text')
  expect(reasonOf('Factor＝11,3,8')).toContain('U+FF1D')
  expect(reasonOf('Factor=１１,3,8')).toContain('U+FF11')
  expect(reasonOf('Factor=11,3,8 😀')).toContain('U+1F600')
  expect(reasonOf('Factor=11,3,8 \uD800')).toContain('U+D800')
})

test('the longest line that is read has 1000 characters', () => {
  const known = '1'.repeat(1_000 - 'Factor=11,3,8,""'.length)
  expect(states(`Factor=11,3,8,"${known}"`)).toEqual([[1, 'workunit']])
  expect(reasonOf(`Factor=11,3,8,"${known}1"`)).toContain('1001 characters')
})

// What took time by the square of a line's length would not end here.
test('whatever a line is, it is read in time, and its refusal is a short sentence on one line', () => {
  const mebibyte = 2 ** 20
  const long = ['a', ',', ' ', '1', '"', '=', '\0', '😀', 'Factor=', ', ', ',"'].flatMap((part) => {
    const repeated = part.repeat(mebibyte / part.length)
    return [repeated, `Factor=${repeated}`, `Factor=11,3,8,${repeated}`, `F${repeated}x`]
  })
  const piece = fc.constantFrom('Factor', '=', ',', '"', 'N/A', id, '11', '3', '8', ' ', '\t', '-')
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.oneof(piece, fc.string({ maxLength: 2 }))).map((parts) => parts.join('')),
  )
  const hold = (text: string) => {
    for (const parsed of parse(text)) {
      if (parsed.status === 'workunit') {
        v.parse(inputSchema, parsed.input)
        expect(parsed.key ?? id).toMatch(/^[0-9a-f]{32}$/i)
      } else expect(parsed.reason).toMatch(/^[ -~]{20,250}[^.]$/)
    }
  }
  for (const text of long) hold(text)
  fc.assert(fc.property(line, hold))
})

test('ten thousand lines are ten thousand workunits', () => {
  const exponents = [100000007]
  while (exponents.length < 10_000) exponents.push(nextPrime(exponents.at(-1) ?? 0))
  const lines = parse(exponents.map((exponent) => `Factor=${id},${exponent},70,71`).join('\r\n'))
  expect(lines.map((line) => line.status === 'workunit' && line.input.exponent)).toEqual(exponents)
})
