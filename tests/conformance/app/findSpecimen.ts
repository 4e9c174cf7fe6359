import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Specimen } from '../../../src/apps/testing/specimen.ts'

const ROOT = join(import.meta.dirname, '../../..')

/**
 * The specimen in the folder of the app of this id.
 * @throws Error where there is none, with what to write: every app in the registry must obey the laws
 */
export async function findSpecimen(id: string): Promise<Specimen> {
  const path = `src/apps/${id}/testing/specimen.ts`
  if (!existsSync(join(ROOT, path))) {
    throw new Error(
      `${id} has no specimen: write ${path}, with an export \`specimen\` that is what src/apps/testing/specimen.ts says`,
    )
  }
  const found: { specimen?: Specimen } = await import(pathToFileURL(join(ROOT, path)).href)
  if (found.specimen === undefined) throw new Error(`${path} has no export named \`specimen\``)
  return found.specimen
}
