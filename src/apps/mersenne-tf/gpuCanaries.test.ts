import { readdirSync, readFileSync } from 'node:fs'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { gpuCanaries } from './gpuCanaries.ts'
import { gpuPlan } from './gpuPlan.ts'
import { inputSchema } from './input.ts'

const SHADERS = new URL('../../../shaders/mersenne-tf/', import.meta.url)

test('between them the canaries run every entry point of the shader', () => {
  const sources = readdirSync(SHADERS)
    .filter((name) => name.endsWith('.wgsl'))
    .map((name) => readFileSync(new URL(name, SHADERS), 'utf8'))
  const written = sources.flatMap((source) =>
    [...source.matchAll(/@compute[^{]*?fn (\w+)\(/g)].map(([, name]) => name),
  )
  const run = gpuCanaries.map(gpuPlan).flatMap(({ prepare, round }) => [...prepare, ...round])
  expect(written.length).toBeGreaterThan(3)
  expect(new Set(run.map(({ entryPoint }) => entryPoint))).toEqual(new Set(written))
})

test('they are inputs like any other', () => {
  for (const input of gpuCanaries) expect(v.parse(inputSchema, input)).toEqual(input)
})
