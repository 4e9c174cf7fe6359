import { expect, test } from 'vitest'
import { generator } from './generator.ts'

const id = '0123456789ABCDEF0123456789abcdef'
const parse = (text: string) => [...generator.parse(text)]
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
  ]
  const input = { exponent: 100000007, bitLo: 50, bitHi: 52, blockLog2: 23 }
  for (const line of forms) expect(parse(line)).toEqual([{ status: 'workunit', line: 1, input }])
})

test('comments, headings and blank lines give nothing, and lines keep their numbers', () => {
  const text =
    '\uFEFF# mine\r\n\r\n; old\n// other\n[Worker #1]\nFactor=11,3,8\r\nFactor=23,3,8\r\n'
  expect(parse(text).map(({ line, status }) => [line, status])).toEqual([
    [6, 'workunit'],
    [7, 'workunit'],
  ])
})

test('a wrong line is refused and the others go on', () => {
  const lines = parse('Factor=11,3,8\nFactor=12,3,8\nTest=11,3,8\nFactor=11,8,9')
  expect(lines.map(({ line, status }) => [line, status])).toEqual([
    [1, 'workunit'],
    [2, 'refused'],
    [3, 'refused'],
    [4, 'workunit'],
  ])
})

test('a refusal says what to do', () => {
  expect(reasonOf('hello')).toContain('write Factor=exponent,bit_lo,bit_hi')
  expect(reasonOf('PRP=N/A,1,2,100000007,-1')).toContain('PRP is another kind of work')
  expect(reasonOf('Factor=100000007,50')).toContain('two bit levels are needed')
  expect(reasonOf('Factor=N/A,100000007,50,52,1')).toContain('more fields')
  expect(reasonOf('Factor=XYZ,100000007,50,52')).toContain('assignment id')
  expect(reasonOf('Factor=1e8,50,52')).toContain('"1e8" is no whole number')
  expect(reasonOf('Factor=100000007,-50,52')).toContain('"-50" is no whole number')
  expect(reasonOf('Factor=100000009,50,52')).toContain('must be prime')
  expect(reasonOf('Factor=100000007,52,52')).toContain('must be above the lower one')
  expect(reasonOf('Factor=4294967311,64,65')).toContain('from 3 to 4294967295')
})

test('one exponent may come twice', () => {
  expect(parse('Factor=11,3,8\nFactor=11,3,8')).toHaveLength(2)
})
