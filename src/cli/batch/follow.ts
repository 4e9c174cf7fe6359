import { setTimeout as sleep } from 'node:timers/promises'
import type { BatchStatus, Page } from '../coordinatorApi.ts'
import { isOver } from './describeBatch.ts'
import { patiently, type Patience } from './patience.ts'

const LOOK_EVERY_MS = 1_000

/** A list of a batch that grows while the batch is computed. */
export interface GrowingList<Item> {
  page(after: string | undefined): Promise<Page<Item>>
  /** The item's number, from which the list can be read on. */
  cursorOf(item: Item): string
}

/**
 * Items as they come, each once, until the batch is over. It is looked at before the list is read to its end: so the last look finds
 * all. Pages may be empty, also those in between. A coordinator that was there once is waited for.
 *
 * @throws as `patiently` does
 */
export async function* follow<Item>(
  batch: () => Promise<BatchStatus>,
  list: GrowingList<Item>,
  patience: Patience,
): AsyncGenerator<{ batch: BatchStatus; items: readonly Item[] }> {
  const { signal } = patience
  let after: string | undefined
  for (let first = true; ; first = false) {
    const seen = first ? await batch() : await patiently(batch, patience)
    let more = true
    while (more) {
      const from = after
      const { items, next } = await patiently(() => list.page(from), patience)
      const last = items.at(-1)
      // Beyond the page's last item there may be others that are not for this reader.
      after = next ?? (last === undefined ? after : list.cursorOf(last))
      yield { batch: seen, items }
      more = next !== null
    }
    if (isOver(seen)) return
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => signal?.throwIfAborted())
  }
}

/** The items that there are now, page by page. */
export async function* pagesOf<Item>(list: GrowingList<Item>): AsyncGenerator<readonly Item[]> {
  let after: string | undefined
  do {
    const { items, next }: Page<Item> = await list.page(after)
    yield items
    after = next ?? undefined
  } while (after !== undefined)
}
