import { create } from 'webgpu'

/** One adapter that Dawn offers on this machine. */
export interface DawnAdapter {
  readonly name: string
  /** `vulkan`, `metal`, `d3d12` and so on. */
  readonly backend: string
}

/** Every adapter that Dawn offers here. WebGPU lists none, but Dawn tells what there is when it is asked for one that is not there. */
export async function dawnAdapters(): Promise<DawnAdapter[]> {
  const told = await create(['adapter=no adapter has this name'])
    .requestAdapter()
    .then(String, String)
  const lines = told.matchAll(/backend: '(?<backend>[^']*)', name: '(?<name>[^\n]*)'/g)
  const adapters = new Map<string, DawnAdapter>()
  for (const [line, backend = '', name = ''] of lines) adapters.set(line, { name, backend })
  return [...adapters.values()]
}

/** The WebGPU that offers this adapter and no other. */
export function dawnOn({ name, backend }: DawnAdapter): GPU {
  return create([`backend=${backend}`, `adapter=${name}`])
}
