import * as v from 'valibot'
import { askCoordinator, type CoordinatorAccess, type Question } from './askCoordinator.ts'

/** The parts of the HTTP API that the command line reads. What it may print as it came is kept whole (`looseObject`). */

const batchSchema = v.looseObject({
  id: v.string(),
  kind: v.string(),
  app: v.string(),
  title: v.string(),
  createdAt: v.string(),
  state: v.string(),
  workunits: v.number(),
  finished: v.number(),
  items: v.number(),
  itemsReported: v.number(),
  itemsFinal: v.number(),
  credit: v.string(),
  results: v.number(),
})
export type BatchStatus = v.InferOutput<typeof batchSchema>

const resultSchema = v.looseObject({
  id: v.number(),
  workunit: v.string(),
  output: v.unknown(),
  sentence: v.string(),
})
export type BatchResult = v.InferOutput<typeof resultSchema>

const outcomeSchema = v.looseObject({ no: v.number(), line: v.string() })
export type Outcome = v.InferOutput<typeof outcomeSchema>

const workunitSchema = v.object({ id: v.string(), input: v.unknown() })
const refused = {
  refused: v.array(v.object({ line: v.number(), reason: v.string() })),
  refusedCount: v.number(),
}
const submittedSchema = v.object({ batch: batchSchema, ...refused })
export type Submitted = v.InferOutput<typeof submittedSchema>

const estimateSchema = v.looseObject({
  workunits: v.number(),
  items: v.number(),
  credit: v.string(),
  ...refused,
  withinQuota: v.boolean(),
  ahead: v.object({ workunits: v.number(), credit: v.string() }),
  creditPerSecond: v.nullable(v.number()),
  seconds: v.nullable(v.number()),
  secondsWithAhead: v.nullable(v.number()),
  price: v.null(),
})
export type Estimate = v.InferOutput<typeof estimateSchema>

const appSchema = v.object({ id: v.string(), title: v.string() })

const statsSchema = v.object({ slices: v.number(), items: v.number(), verified: v.boolean() })

/** A list's page; `after` of the next one is `next`, or the number of any item. It may be empty and have a `next`. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly next: string | null
}

/** @throws RefusedError, UnreachableError, NoCoordinatorError: see `askCoordinator` */
export interface CoordinatorApi {
  submit(batch: {
    app: string
    title?: string | undefined
    epsilon?: number | undefined
    text: string
  }): Promise<Submitted>
  estimate(batch: { app: string; text: string }): Promise<Estimate>
  cancel(id: string): Promise<BatchStatus>
  batch(id: string): Promise<BatchStatus>
  batches(): Promise<BatchStatus[]>
  /** All of them, as anybody reads them. */
  results(id: string): Promise<BatchResult[]>
  /** With the submit token, those that were asked for, or all with `shares`; without it, all. */
  resultPage(
    id: string,
    after: string | undefined,
    options?: { shares?: boolean | undefined },
  ): Promise<Page<BatchResult>>
  /** Finished workunits as lines of a format; keys are in them only with the submit token. */
  outcomePage(id: string, format: string, after: string | undefined): Promise<Page<Outcome>>
  workunits(id: string): Promise<v.InferOutput<typeof workunitSchema>[]>
  apps(): Promise<v.InferOutput<typeof appSchema>[]>
  stats(): Promise<v.InferOutput<typeof statsSchema>>
}

/** @param address the coordinator's origin, `http://localhost:8787` */
export function coordinatorApi(address: string, access: CoordinatorAccess = {}): CoordinatorApi {
  const ask = <Schema extends v.GenericSchema>(
    schema: Schema,
    path: string,
    question: Question = {},
  ) => askCoordinator(address, path, schema, { ...question, ...access })

  const page = <Schema extends v.GenericSchema>(
    item: Schema,
    path: string,
    { after, ...more }: Record<string, string | undefined>,
    question: Question = {},
  ): Promise<Page<v.InferOutput<Schema>>> => {
    const schema = v.object({ items: v.array(item), next: v.nullable(v.string()) })
    const query = new URLSearchParams({
      limit: '500',
      ...more,
      ...(after !== undefined && { after }),
    })
    return ask(schema, `${path}?${query}`, question)
  }

  async function all<Schema extends v.GenericSchema>(
    item: Schema,
    path: string,
  ): Promise<v.InferOutput<Schema>[]> {
    const items: v.InferOutput<Schema>[] = []
    let after: string | undefined
    do {
      const read: Page<v.InferOutput<Schema>> = await page(item, path, { after })
      items.push(...read.items)
      after = read.next ?? undefined
    } while (after !== undefined)
    return items
  }

  return {
    submit: (batch) => ask(submittedSchema, '/api/batches', post(batch)),
    estimate: (batch) => ask(estimateSchema, '/api/estimates', post(batch)),
    cancel: (id) => ask(batchSchema, `${of(id)}/cancel`, post()),
    batch: (id) => ask(batchSchema, of(id)),
    batches: () => all(batchSchema, '/api/batches'),
    results: (id) => all(resultSchema, `${of(id)}/results`),
    resultPage: (id, after, { shares = false } = {}) =>
      page(
        resultSchema,
        `${of(id)}/results`,
        { after, ...(shares && { shares: 'true' }) },
        { withToken: true },
      ),
    outcomePage: (id, format, after) =>
      page(outcomeSchema, `${of(id)}/outcomes`, { format, after }, { withToken: true }),
    workunits: (id) => all(workunitSchema, `${of(id)}/workunits`),
    apps: () => ask(v.array(appSchema), '/api/apps'),
    stats: () => ask(statsSchema, '/api/stats'),
  }
}

function of(id: string): string {
  return `/api/batches/${encodeURIComponent(id)}`
}

function post(body?: object): Question {
  return { method: 'POST', withToken: true, body }
}
