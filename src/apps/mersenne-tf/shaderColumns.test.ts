import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/**
 * What each column of a square can sum up to, limb by limb as the shader has it: x below 2f and f at most 2^(14L - 3), every other limb below 2^14, and `bit` set.
 */
test.each([4, 5, 6])('no column of a square of %i limbs overflows 32 bits', (limbs) => {
  const source = readFileSync(
    new URL(`../../../shaders/mersenne-tf/test${limbs}.wgsl`, import.meta.url),
    'utf8',
  )
  const body = /fn square\d.*?\{(.*?)\n\}/s.exec(source)?.[1] ?? ''
  const f = 2 ** (14 * limbs - 3)
  const highest = 2 ** (14 * (limbs - 1))
  const mask = 2 ** 14 - 1
  const most = new Map<string, number>()
  for (let i = 0; i < limbs; i++) {
    const top = i === limbs - 1
    most.set(`x.x${i}`, top ? Math.floor((2 * f) / highest) : mask)
    most.set(`f.x${i}`, top ? Math.floor(f / highest) : mask)
    most.set(`m${i}`, mask)
  }
  const value = (name: string) => most.get(name) ?? Number.NaN
  const product = (text: string) =>
    text.split(' * ').reduce((result, name) => result * value(name.trim()), 1)
  let checked = 0
  for (const [, name = '', text = ''] of body.matchAll(/let (\w+) = (.*);/g)) {
    const shift = /^([\w.]+) << (?:bit|1u)$/.exec(text)
    if (shift) {
      most.set(name, 2 * value(shift[1] ?? ''))
    } else if (name.startsWith('c')) {
      let sum = 0
      const rest = text.replace(/\(([^()]*)\) >> 14u|(\bc\d+) >> 14u/g, (_all, inner, bare) => {
        const whole = String(inner ?? bare)
          .split(' + ')
          .reduce((total, part) => total + product(part), 0)
        expect(whole).toBeLessThan(2 ** 32)
        sum += whole / 2 ** 14
        return '0'
      })
      for (const part of rest.replaceAll(/[()]/g, '').split(' + ')) {
        if (part.trim() !== '0') sum += product(part)
      }
      expect(sum).toBeLessThan(2 ** 32)
      most.set(name, sum)
      checked++
    }
  }
  expect(checked).toBe(2 * limbs)
})
