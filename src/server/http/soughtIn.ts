import type { AnyApp } from '../../apps/app.ts'

/** Tells outputs that the requester asked for from those that only show that the work was done. */
export async function soughtIn(app: AnyApp): Promise<(input: unknown, output: unknown) => boolean> {
  const assimilator = await app.load.assimilator()
  return (input, output) => assimilator.fold(input, [output]).length > 0
}
