import type { AnyApp } from '../../../src/apps/app.ts'
import { apps } from '../../../src/apps/registry.ts'
import type { Specimen } from '../../../src/apps/testing/specimen.ts'
import { findSpecimen } from './findSpecimen.ts'

/** An app that the laws are for, and what they need to know of it. */
export interface Subject {
  /** Its id and version. */
  readonly name: string
  readonly app: AnyApp
  readonly specimen: Specimen
}

/** Every app of the registry in its newest version, which is what its folder's specimen is for; older ones obeyed the laws when they were new. */
export const subjects: readonly Subject[] = await Promise.all(
  apps
    .filter((app) => !apps.some((other) => other.id === app.id && other.version > app.version))
    .map(async (app) => ({
      name: `${app.id} ${app.version}`,
      app,
      specimen: await findSpecimen(app.id),
    })),
)

/** Those with a WGSL kernel. */
export const subjectsOnGpu: readonly Subject[] = subjects.filter(({ app }) =>
  app.kernels.some(({ backend }) => backend === 'webgpu'),
)
