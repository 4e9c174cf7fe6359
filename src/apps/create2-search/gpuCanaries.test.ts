import { readdirSync, readFileSync } from 'node:fs'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { gpuCanaries } from './gpuCanaries.ts'
import { gpuPlan } from './gpuPlan.ts'
import { inputSchema } from './input.ts'
import { reference } from './reference.ts'

const SHADERS = new URL('../../../shaders/create2-search/', import.meta.url)

test('between them the canaries run every entry point of the shader', () => {
  const sources = readdirSync(SHADERS)
    .filter((name) => name.endsWith('.wgsl'))
    .map((name) => readFileSync(new URL(name, SHADERS), 'utf8'))
  const written = sources.flatMap((source) =>
    [...source.matchAll(/@compute[^{]*?fn (\w+)\(/g)].map(([, name]) => name),
  )
  const run = gpuCanaries.map(gpuPlan).flatMap(({ prepare, round }) => [...prepare, ...round])
  expect(written.length).toBeGreaterThan(0)
  expect(new Set(run.map(({ entryPoint }) => entryPoint))).toEqual(new Set(written))
})

test('they are inputs like any other', () => {
  for (const input of gpuCanaries) expect(v.parse(inputSchema, input)).toEqual(input)
})

test('the item that is run has several units and some shares, but few', () => {
  for (const input of gpuCanaries) {
    expect(gpuPlan(input).unitsPerItem).toBeGreaterThan(1)
    const { outputs } = reference.runItem(input, Math.floor(input.items / 2), 1n)
    expect(outputs.length).toBeGreaterThan(10)
    expect(outputs.length).toBeLessThan(200)
  }
})
