import { expect, test } from 'vitest'
import { assimilator } from './assimilator.ts'
import { leadingZeros } from './pattern.ts'
import { outlook } from './outlook.ts'
import { ranking } from './ranking.ts'
import { nextPractice } from './seed.ts'
import { view } from './view.ts'

const salt = (n: number) => `0x${n.toString(16).padStart(64, '0')}`
const found = (n: number, begin: string, end = '') => ({
  salt: salt(n),
  address: `0x${begin}${'11'.repeat(20 - (begin.length + end.length) / 2)}${end}`,
})

const three = found(1, '000000')
const threeAndTwo = found(2, '000000', '0000')
const four = found(3, '00000000')
const all = [three, threeAndTwo, four]
const practice = nextPractice(undefined)

test('addresses come by rank: what was asked for first, then the other kind of zeros', () => {
  expect(assimilator.fold(practice, all)).toEqual([four, threeAndTwo, three])
  expect(assimilator.fold({ ...practice, rank: 'total' }, all)).toEqual([threeAndTwo, four, three])
})

test('the requester gets what it was after, each once, and nobody else learns what that was', () => {
  const input = { ...practice, target: leadingZeros(4) }
  expect(assimilator.fold(input, [...all, ...all])).toEqual([four])
  expect(assimilator.fold(practice, [...all, ...all])).toHaveLength(3)
})

test('the outlook names the next rank and how long it takes on average', () => {
  // 2^18 salts an item: 64 items a second are 2^24 salts.
  expect(outlook(practice, [], 64)).toBe(
    'The first find is expected here after about 1 second of searching',
  )
  expect(outlook(practice, [three], 64)).toBe(
    'The next rank, 4 leading zero bytes, is expected here after about 4 minutes of searching',
  )
  expect(outlook(practice, [three, four], 64)).toContain('5 leading zero bytes, is expected')
  expect(outlook({ ...practice, rank: 'total' }, [threeAndTwo], 64)).toContain('6 zero bytes')
  const best = found(4, '00'.repeat(20))
  expect(outlook(practice, [best], 64)).toContain('can be better')
})

test('a ranking is one line of JSON with checksummed addresses', () => {
  const outcome = { input: practice, key: 'mine', outputs: [four], complete: true, finishedAt: 0 }
  const line = ranking(outcome)
  expect(line).not.toContain('\n')
  expect(JSON.parse(line)).toMatchObject({
    name: 'mine',
    start: '0',
    salts: String(2 ** 24),
    complete: true,
    found: [{ salt: four.salt, leadingZeroBytes: 4, zeroBytes: 4 }],
  })
})

test('the view says who creates what', () => {
  expect(view.describe(practice)).toBe(
    'Looking for contract addresses of 0x4e59…956C with at least 3 leading zero bytes',
  )
  expect(view.tell(practice, threeAndTwo)).toMatch(/has 3 leading zero bytes, 5 zero bytes in all$/)
})

test('a check goes through all 24 rounds, and a forged address does not stand it', () => {
  const shown = view.check?.(practice, three)
  expect(shown?.steps).toHaveLength(29)
  expect(shown?.holds).toBe(false)
  expect(shown?.conclusion).toContain('not the one that was reported')
})
