import * as v from 'valibot'
import { RefusedError } from './errors.ts'

/** The parts of the HTTP API that the command line reads; anything else in an answer is left alone. */

const batchSchema = v.object({
  id: v.string(),
  workunits: v.number(),
  finished: v.number(),
  items: v.number(),
  itemsReported: v.number(),
  itemsFinal: v.number(),
})
export type BatchStatus = v.InferOutput<typeof batchSchema>

const resultSchema = v.object({ workunit: v.string(), output: v.unknown(), sentence: v.string() })
export type BatchResult = v.InferOutput<typeof resultSchema>

const workunitSchema = v.object({ id: v.string(), input: v.unknown() })
const refusedLineSchema = v.object({ line: v.number(), reason: v.string() })
const submittedSchema = v.object({ batch: batchSchema, refused: v.array(refusedLineSchema) })
const statsSchema = v.object({ slices: v.number(), items: v.number(), verified: v.boolean() })
const errorSchema = v.object({
  code: v.string(),
  message: v.string(),
  details: v.optional(v.object({ refused: v.optional(v.array(refusedLineSchema)) })),
})

/** @throws RefusedError when the coordinator refuses */
export interface CoordinatorApi {
  submit(batch: {
    app: string
    title: string
    text: string
  }): Promise<v.InferOutput<typeof submittedSchema>>
  batch(id: string): Promise<BatchStatus>
  results(id: string): Promise<BatchResult[]>
  workunits(id: string): Promise<v.InferOutput<typeof workunitSchema>[]>
  stats(): Promise<v.InferOutput<typeof statsSchema>>
}

/** @param address the coordinator's origin, `http://localhost:8787` */
export function coordinatorApi(address: string, token: string): CoordinatorApi {
  async function ask<Schema extends v.GenericSchema>(
    schema: Schema,
    path: string,
    init?: RequestInit,
  ): Promise<v.InferOutput<Schema>> {
    const response = await fetch(new URL(path, address), init)
    const body: unknown = await response.json()
    if (!response.ok) throw refusalOf(response.status, v.parse(errorSchema, body))
    return v.parse(schema, body)
  }

  async function all<Schema extends v.GenericSchema>(
    item: Schema,
    path: string,
  ): Promise<v.InferOutput<Schema>[]> {
    const page = v.object({ items: v.array(item), next: v.nullable(v.string()) })
    const items: v.InferOutput<Schema>[] = []
    let after: string | null = null
    do {
      const query: string = after === null ? '' : `&after=${encodeURIComponent(after)}`
      const answer: { items: v.InferOutput<Schema>[]; next: string | null } = await ask(
        page,
        `${path}?limit=500${query}`,
      )
      items.push(...answer.items)
      after = answer.next
    } while (after !== null)
    return items
  }

  return {
    submit: (batch) =>
      ask(submittedSchema, '/api/batches', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(batch),
      }),
    batch: (id) => ask(batchSchema, `/api/batches/${id}`),
    results: (id) => all(resultSchema, `/api/batches/${id}/results`),
    workunits: (id) => all(workunitSchema, `/api/batches/${id}/workunits`),
    stats: () => ask(statsSchema, '/api/stats'),
  }
}

/** In the coordinator's own words; where it looked at lines, with what is wrong with the first. */
function refusalOf(
  status: number,
  { code, message, details }: v.InferOutput<typeof errorSchema>,
): RefusedError {
  const [first] = details?.refused ?? []
  const example = first === undefined ? '' : ` Line ${first.line}: ${first.reason}.`
  return new RefusedError(message + example, { status, code })
}
