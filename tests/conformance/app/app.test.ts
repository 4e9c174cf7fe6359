import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { kernelHashOf } from '../../../src/protocol/ids.ts'
import { MAX_OUTPUTS_PER_REPORT } from '../../../src/protocol/messages.ts'
import { expectedOutputsLaw } from './expectedOutputsLaw.ts'
import { gpuPlanLaw } from './gpuPlanLaw.ts'
import { bytesOf, openKernel } from './openKernel.ts'
import { policyLaw } from './policyLaw.ts'
import { publicInputLaw } from './publicInputLaw.ts'
import { GREATEST_SEED, seedOf } from './seedOf.ts'
import { subjects } from './subjects.ts'
import { wordsLaw } from './wordsLaw.ts'

/** About a second of one core. */
const MANY_ITEMS = 16

const seed = fc.bigInt(0n, GREATEST_SEED)

describe.each(subjects)('$name', (subject) => {
  const { app, specimen } = subject

  const wasm = app.kernels.filter(({ backend }) => backend === 'wasm')

  test('kernels are there, named for their content, and as long as they are said to be', async () => {
    expect(wasm.length).toBeGreaterThan(0)
    for (const ref of app.kernels) {
      const bytes = await bytesOf(ref)
      const digest = await crypto.subtle.digest('SHA-256', bytes)
      expect(kernelHashOf(new Uint8Array(digest))).toBe(ref.hash)
      expect(bytes.length).toBe(ref.bytes)
    }
  })

  test('a WASM kernel imports nothing', async () => {
    for (const ref of wasm) {
      const compiled = await WebAssembly.compile(await bytesOf(ref))
      expect(WebAssembly.Module.imports(compiled)).toEqual([])
    }
  })

  test('every WASM kernel agrees with the reference on any item, under any seed', async () => {
    const reference = await app.load.reference()
    for (const ref of wasm) {
      const kernel = await openKernel(app, ref)
      fc.assert(
        fc.property(specimen.jobs, seed, ({ input, item }, drawn) => {
          kernel.prepare(input)
          expect(kernel.runItem(item, drawn)).toEqual(reference.runItem(input, item, drawn))
        }),
        { numRuns: 400 },
      )
    }
  })

  test.each(specimen.hard.filter(({ large }) => !large))(
    'every WASM kernel agrees with the reference on $name',
    async ({ runs }) => {
      const reference = await app.load.reference()
      for (const ref of wasm) {
        const kernel = await openKernel(app, ref)
        for (const [index, { input, start, count }] of runs.entries()) {
          kernel.prepare(input)
          for (let item = start; item < start + count; item++) {
            const computed = { input, item, ...kernel.runItem(item, seedOf(index)) }
            const expected = reference.runItem(input, item, seedOf(index))
            expect(computed).toEqual({ input, item, ...expected })
          }
        }
      }
    },
  )

  test('a WASM kernel that has prepared other workunits answers like a fresh one', async () => {
    for (const ref of wasm) {
      const used = await openKernel(app, ref)
      const job = fc.tuple(specimen.jobs, specimen.jobs, seed)
      await fc.assert(
        fc.asyncProperty(job, async ([before, { input, item }, drawn]) => {
          used.prepare(before.input)
          used.runItem(before.item, drawn)
          used.prepare(input)
          const fresh = await openKernel(app, ref)
          fresh.prepare(input)
          const expected = fresh.runItem(item, drawn)
          expect(used.runItem(item, drawn)).toEqual(expected)
          expect(used.runItem(item, drawn)).toEqual(expected)
        }),
        { numRuns: 30 },
      )
    }
  })

  test('another seed gives another digest and the same outputs', async () => {
    const reference = await app.load.reference()
    for (const { input, item } of specimen.published) {
      const one = reference.runItem(input, item, 1n)
      const other = reference.runItem(input, item, 2n)
      expect(other.digest).not.toBe(one.digest)
      expect(other.outputs).toEqual(one.outputs)
    }
  })

  test('published results come out of every WASM kernel, pass the schema and hold', async () => {
    const verifier = await app.load.verifier()
    for (const ref of wasm) {
      const kernel = await openKernel(app, ref)
      for (const { input, item, outputs } of specimen.published) {
        kernel.prepare(v.parse(app.inputSchema, input))
        expect(kernel.runItem(item, 5n).outputs).toEqual(outputs)
        for (const output of outputs) {
          expect(v.parse(app.outputSchema, output)).toEqual(output)
          const verdict = verifier.check(input, { start: item, end: item + 1 }, output)
          expect(verdict).toEqual({ status: 'holds' })
          const elsewhere = verifier.check(input, { start: item + 1, end: item + 2 }, output)
          expect(elsewhere.status).toBe('fails')
        }
      }
    }
  })

  test('inputs and outputs are plain JSON, and pass through it unchanged', () => {
    fc.assert(
      fc.property(specimen.jobs, ({ input }) => {
        expect(v.parse(app.inputSchema, JSON.parse(JSON.stringify(input)))).toEqual(input)
      }),
    )
    for (const { outputs } of specimen.published) {
      for (const output of outputs) expect(JSON.parse(JSON.stringify(output))).toEqual(output)
    }
  })

  test('every input has a positive safe number of items, each worth at least one credit', () => {
    fc.assert(
      fc.property(specimen.jobs, ({ input, item }) => {
        const count = app.itemCount(input)
        expect(Number.isSafeInteger(count) && count > item).toBe(true)
        expect(app.itemCost(input)).toBeGreaterThanOrEqual(1n)
      }),
    )
  })

  test('a WASM kernel refuses items that the workunit does not have', async () => {
    for (const ref of wasm) {
      const kernel = await openKernel(app, ref)
      fc.assert(
        fc.property(specimen.jobs, ({ input }) => {
          kernel.prepare(input)
          expect(() => kernel.runItem(app.itemCount(input), 1n)).toThrow('gave error')
          expect(() => kernel.runItem(-1, 1n)).toThrow('gave error')
        }),
        { numRuns: 30 },
      )
    }
  })

  test('folding is independent of order and of repetition', async () => {
    const assimilator = await app.load.assimilator()
    const [{ input, outputs } = { input: {}, outputs: [] }] = specimen.published
    const all = specimen.published.flatMap((found) => found.outputs)
    const folded = assimilator.fold(input, all)
    expect(assimilator.fold(input, [...all, ...all].toReversed())).toEqual(folded)
    expect(assimilator.fold(input, outputs)).toEqual(outputs)
    expect(assimilator.fold(input, [])).toEqual([])
  })

  test('the generator gives sound inputs, refuses wrong lines with a reason, and never runs dry', async () => {
    const generator = await app.load.generator()
    const lines = [...generator.parse(specimen.text)]
    expect(new Set(lines.map(({ status }) => status))).toEqual(new Set(['workunit', 'refused']))
    for (const line of lines) {
      if (line.status === 'workunit') {
        v.parse(app.inputSchema, line.input)
        expect(line.key).not.toBe('')
      } else expect(line.reason.length).toBeGreaterThan(10)
    }
    const { practice, frontier } = generator.seeds
    for (const nextOf of frontier ? [practice, frontier] : [practice]) {
      let previous: unknown
      for (let i = 0; i < 20; i++) {
        const next: unknown = nextOf(previous)
        expect(v.parse(app.inputSchema, next)).toEqual(next)
        expect(next).not.toEqual(previous)
        previous = next
      }
    }
  })

  test('the certificate of every published output is shown to hold', async () => {
    const view = await app.load.view()
    for (const { input, outputs } of specimen.published) {
      for (const output of outputs) expect(view.check?.(input, output).holds ?? true).toBe(true)
    }
  })

  test('outputs are rare in what a coordinator computes by itself', async () => {
    const { practice, frontier = practice } = (await app.load.generator()).seeds
    for (const ref of wasm) {
      const kernel = await openKernel(app, ref)
      for (const input of [practice, frontier].map((nextOf): unknown => nextOf(undefined))) {
        kernel.prepare(input)
        const items = Math.min(MANY_ITEMS, app.itemCount(input))
        let outputs = 0
        for (let item = 0; item < items; item++) outputs += kernel.runItem(item, 1n).outputs.length
        expect(
          outputs,
          `in ${items} items; a slice of a fast GPU has hundreds, and with more than ${MAX_OUTPUTS_PER_REPORT} outputs cannot be reported`,
        ).toBeLessThanOrEqual(items)
      }
    }
  })

  // oxlint-disable-next-line vitest/expect-expect -- the laws assert
  test.each([
    ['its words read as the page shows them', wordsLaw],
    ['what is public of an input is a part of it that computes the same', publicInputLaw],
    ['a policy refuses what it should, and nothing that the app has of itself', policyLaw],
    ['outputs come as often as the verifier expects', expectedOutputsLaw],
    ['its plans for a GPU can be followed, and its canaries try all of the kernel', gpuPlanLaw],
  ] as const)('%s', async (_says, law) => law(subject))

  test('every other format writes one line, whatever came out of a workunit', async () => {
    const formats = (await app.load.formats?.()) ?? {}
    const generator = await app.load.generator()
    const keys = [...generator.parse(specimen.text)].map((line) =>
      line.status === 'workunit' ? line.key : null,
    )
    const key = fc.constantFrom(...keys)
    const finishedAt = fc.date({
      min: new Date(0),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    })
    const found = fc.constantFrom(...specimen.published)
    const none = specimen.jobs.map(({ input }) => ({ input, outputs: [] }))
    const outcome = fc.tuple(fc.oneof(found, none), key, fc.boolean(), finishedAt)
    for (const [name, format] of Object.entries(formats)) {
      expect(name).toMatch(/^[a-z][a-z0-9-]*$/)
      fc.assert(
        fc.property(outcome, ([{ input, outputs }, drawn, complete, at]) => {
          const given = { input, key: drawn, outputs, complete, finishedAt: at.getTime() }
          expect(format(given)).toMatch(/^[^\r\n\u2028\u2029]+$/)
          // Whoever reads the line must be able to tell.
          expect(format({ ...given, complete: !complete })).not.toBe(format(given))
        }),
      )
    }
  })
})
