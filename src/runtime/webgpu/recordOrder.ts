/**
 * The order of output records, whose lanes write them in any: as numbers of little-endian bytes, compared from the last byte. An app lays its records out so
 * that this is the order of its WASM kernel, from item to item and within each; a run's records can then be sorted all at once,
 * wherever its submissions begin and end.
 */
export function recordOrder(a: Uint8Array, b: Uint8Array): number {
  for (let at = a.length - 1; at >= 0; at--) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
