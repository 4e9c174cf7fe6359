/** Reads one more than asked for, to know whether there is more. */
export async function pageOf<Item>(
  read: (limit: number) => Promise<readonly Item[]>,
  limit: number,
): Promise<{ items: readonly Item[]; last: Item | undefined; more: boolean }> {
  const found = await read(limit + 1)
  const items = found.slice(0, limit)
  return { items, last: items.at(-1), more: found.length > limit }
}
