/** WebGPU's constants, as its specification has them: TypeScript's library knows their types only, and Node does not have them. */
export const BufferUsage = {
  MAP_READ: 0x0001,
  COPY_SRC: 0x0004,
  COPY_DST: 0x0008,
  UNIFORM: 0x0040,
  STORAGE: 0x0080,
  QUERY_RESOLVE: 0x0200,
} as const

export const MAP_READ = 0x0001

export const VISIBLE_TO_COMPUTE = 0x0004
