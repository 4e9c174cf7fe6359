import { readFileSync } from 'node:fs'
import { kernelHashOf, type KernelHash } from '../../../protocol/ids.ts'
import type { Job } from '../../executor.ts'
import { testKernelHash } from '../../testing/testKernel.ts'
import type { GpuPlan } from '../plan.ts'

/**
 * A small WGSL kernel that computes, unit by unit, what the WASM kernel of `testing/testKernel.ts` computes item by item: unit u adds `(seed + 1) *
 * (u + 1)` to the digest. The last unit of every fourth item has one output: the item's number, 8 bytes. With one unit to an item it
 * is the same kernel.
 */
export interface TestShaderInput {
  /** How long a unit takes. */
  readonly spins?: number
  readonly unitsPerItem?: number
  readonly unitsPerRound?: number
  /** Output records that each unit has besides, all of the number 2^64 - 1. */
  readonly crowd?: number
  readonly misbehaviour?: Misbehaviour
}

const MISBEHAVIOURS = ['none', 'silent', 'skips', 'idles', 'fails'] as const
/** `silent`: no sentinel. `skips`: a unit of each round is not computed. `idles`: less is done than announced. `fails`: it says so. */
export type Misbehaviour = (typeof MISBEHAVIOURS)[number]

export async function testShaderJob(input: TestShaderInput = {}): Promise<Job> {
  const { spins = 0, unitsPerItem = 1, crowd = 0, misbehaviour = 'none' } = input
  const words = [spins, unitsPerItem, crowd, MISBEHAVIOURS.indexOf(misbehaviour)]
  return {
    key: JSON.stringify(input),
    app: 'test',
    input: new Uint8Array(new Uint32Array(words).buffer),
    wasm: await testKernelHash(),
    webgpu: { kernel: await hashOf(testShader), plan: planOf(input) },
  }
}

export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<KernelHash> {
  return kernelHashOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

function planOf({ unitsPerItem = 1, unitsPerRound = 16 }: TestShaderInput): GpuPlan {
  return {
    unitsPerItem,
    unitsPerRound,
    stateBytes: 4,
    scratchBytes: { fixed: 0, perUnit: 4 },
    recordBytes: 8,
    prepare: [{ entryPoint: 'prepare', workgroups: 1 }],
    round: [
      { entryPoint: 'announce', fixed: 0, perUnit: 1 },
      { entryPoint: 'perform', fixed: 0, perUnit: 1 },
    ],
  }
}

const work = new URL('../../../../shaders/lib/work.wgsl', import.meta.url)

/** The module's bytes. */
export const testShader = new TextEncoder().encode(`${readFileSync(work, 'utf8')}
@group(0) @binding(2) var<storage, read_write> state: array<u32>;
@group(0) @binding(3) var<storage, read_write> scratch: array<u32>;

const SILENT = 1u;
const SKIPS = 2u;
const IDLES = 3u;
const FAILS = 4u;

fn multiply(a: u32, b: u32) -> vec2<u32> {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let other = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
  return vec2(a * b, (a >> 16u) * (b >> 16u) + (middle >> 16u) + (other >> 16u));
}

fn plus(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn addRecord(number: vec2<u32>) {
  let at = 2u * atomicAdd(&result.records, 1u);
  if (at + 2u <= arrayLength(&result.record)) {
    result.record[at] = number.x;
    result.record[at + 1u] = number.y;
  }
}

@compute @workgroup_size(1)
fn prepare() {
  state[0] += 1u;
}

@compute @workgroup_size(1)
fn announce(@builtin(workgroup_id) group: vec3<u32>) {
  scratch[group.x] = 0u;
  atomicAdd(&result.announced, 1u);
}

@compute @workgroup_size(1)
fn perform(@builtin(workgroup_id) group: vec3<u32>) {
  // State is prepared once and kept.
  if (state[0] != 1u || input[3] == FAILS) {
    atomicStore(&result.failure, 7u);
  }
  if (group.x == 0u && input[3] != SILENT) {
    atomicAdd(&result.sentinel, work.nonce);
  }
  if (group.x == 0u && input[3] == IDLES) {
    return;
  }
  for (var left = input[0]; left > 0u; left--) {
    scratch[group.x] = scratch[group.x] * 31u + 1u;
  }
  let unit = plus(work.unit, vec2(group.x, 0u));
  let seed = plus(work.seed, vec2(1u, 0u));
  let next = plus(unit, vec2(1u, 0u));
  let product = multiply(seed.x, next.x);
  addToDigest(vec2(product.x, product.y + seed.x * next.y + seed.y * next.x));
  for (var more = input[2]; more > 0u; more--) {
    addRecord(vec2(0xffffffffu));
  }
  // Units to an item are a power of two.
  let shift = countTrailingZeros(input[1]);
  if ((unit.x & (4u * input[1] - 1u)) == 4u * input[1] - 1u) {
    addRecord(vec2((unit.x >> shift) | select(0u, unit.y << (32u - shift), shift > 0u), unit.y >> shift));
  }
  if (group.x != 0u || input[3] != SKIPS) {
    atomicAdd(&result.units, 1u);
  }
  atomicAdd(&result.performed, 1u);
}
`)
