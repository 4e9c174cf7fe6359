/** WebGPU in Node is Dawn, of the optional package `webgpu`; or why it is not there. */
export type Dawn =
  | { readonly status: 'loaded'; readonly gpu: GPU }
  | { readonly status: 'absent'; readonly why: string }

export async function loadDawn(): Promise<Dawn> {
  try {
    const { create } = await import('webgpu')
    return { status: 'loaded', gpu: create([]) }
  } catch (error) {
    const [why] = String(error instanceof Error ? error.message : error).split('\n', 1)
    return { status: 'absent', why: `the package webgpu could not be loaded (${why})` }
  }
}
