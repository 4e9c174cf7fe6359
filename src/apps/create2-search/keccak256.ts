/**
 * Keccak-256 as Ethereum has it: Keccak[c = 512] with the padding of the original submission, 0x01 ... 0x80, where SHA3-256 has 0x06.
 * Lanes are pairs of 32-bit words, low word first. FIPS 202 has the steps: 3.2.1 theta to 3.2.5 iota; 3.1.2 how bytes fill lanes.
 */
const ROUNDS = 24
/** Bytes of a block: the rate, 1600 - 512 bits. */
export const BLOCK_BYTES = 136

/** The state after every step of the sponge: 50 words, of which the first eight are the hash in the end. */
export type State = Int32Array<ArrayBuffer>

/** Lane (x, y) is number x + 5y. Pi moves each one to a new place; rho turns it left by so many bits on the way. */
const MOVES = movesOf()
/** What iota adds to lane (0, 0) in each round: low and high word. */
const CONSTANTS = constantsOf()

/**
 * @param message of at most 135 bytes, which fit one block
 * @returns 32 bytes
 */
export function keccak256(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const state = absorb(padded(message))
  for (let round = 0; round < ROUNDS; round++) permute(state, round)
  return hashIn(state)
}

/** The state after every round: what a person may follow. */
export function* keccakRounds(block: Uint8Array): Generator<State> {
  const state = absorb(block)
  for (let round = 0; round < ROUNDS; round++) {
    permute(state, round)
    yield state
  }
}

/** @throws RangeError when it does not fit one block */
export function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  if (message.length >= BLOCK_BYTES) throw new RangeError(`${message.length} bytes fit no block`)
  const block = new Uint8Array(BLOCK_BYTES)
  block.set(message)
  block[message.length] = 0x01
  block[BLOCK_BYTES - 1] = (block[BLOCK_BYTES - 1] ?? 0) | 0x80
  return block
}

/** The first 32 bytes of the state. */
export function hashIn(state: State): Uint8Array<ArrayBuffer> {
  const hash = new Uint8Array(32)
  const view = new DataView(hash.buffer)
  for (let word = 0; word < 8; word++) view.setInt32(4 * word, state[word] ?? 0, true)
  return hash
}

function absorb(block: Uint8Array): State {
  const view = new DataView(block.buffer, block.byteOffset, BLOCK_BYTES)
  const state = new Int32Array(50)
  for (let word = 0; word < BLOCK_BYTES / 4; word++) state[word] = view.getInt32(4 * word, true)
  return state
}

const columns = new Int32Array(10)
const moved = new Int32Array(50)

function permute(state: State, round: number): void {
  theta(state)
  for (const { from, to, turn } of MOVES) {
    const low = state[from] ?? 0
    const high = state[from + 1] ?? 0
    // Turned by 32 or more, the words change places.
    const [a, b] = turn < 32 ? [low, high] : [high, low]
    const bits = turn % 32
    moved[to] = bits === 0 ? a : (a << bits) | (b >>> (32 - bits))
    moved[to + 1] = bits === 0 ? b : (b << bits) | (a >>> (32 - bits))
  }
  chi(state)
  state[0] = (state[0] ?? 0) ^ (CONSTANTS[2 * round] ?? 0)
  state[1] = (state[1] ?? 0) ^ (CONSTANTS[2 * round + 1] ?? 0)
}

function theta(state: State): void {
  for (let x = 0; x < 10; x++) {
    columns[x] =
      (state[x] ?? 0) ^
      (state[x + 10] ?? 0) ^
      (state[x + 20] ?? 0) ^
      (state[x + 30] ?? 0) ^
      (state[x + 40] ?? 0)
  }
  for (let x = 0; x < 10; x += 2) {
    const before = (x + 8) % 10
    const after = (x + 2) % 10
    const low = columns[after] ?? 0
    const high = columns[after + 1] ?? 0
    const addLow = (columns[before] ?? 0) ^ ((low << 1) | (high >>> 31))
    const addHigh = (columns[before + 1] ?? 0) ^ ((high << 1) | (low >>> 31))
    for (let lane = x; lane < 50; lane += 10) {
      state[lane] = (state[lane] ?? 0) ^ addLow
      state[lane + 1] = (state[lane + 1] ?? 0) ^ addHigh
    }
  }
}

/** From `moved` back to the state, plane by plane. */
function chi(state: State): void {
  for (let plane = 0; plane < 50; plane += 10) {
    for (let x = 0; x < 10; x++) {
      const next = moved[plane + ((x + 2) % 10)] ?? 0
      const afterNext = moved[plane + ((x + 4) % 10)] ?? 0
      state[plane + x] = (moved[plane + x] ?? 0) ^ (~next & afterNext)
    }
  }
}

function movesOf(): readonly { from: number; to: number; turn: number }[] {
  const moves = [{ from: 0, to: 0, turn: 0 }]
  let [x, y] = [1, 0]
  for (let t = 0; t < 24; t++) {
    const [nextX, nextY] = [y, (2 * x + 3 * y) % 5]
    moves.push({
      from: 2 * (x + 5 * y),
      to: 2 * (nextX + 5 * nextY),
      turn: (((t + 1) * (t + 2)) / 2) % 64,
    })
    x = nextX
    y = nextY
  }
  return moves
}

/** Bit 2^j - 1 of a round's constant is the next bit of a shift register, x^8 + x^6 + x^5 + x^4 + 1. */
function constantsOf(): Int32Array {
  const constants = new Int32Array(2 * ROUNDS)
  let register = 1
  for (let round = 0; round < ROUNDS; round++) {
    for (let j = 0; j <= 6; j++) {
      const at = 2 ** j - 1
      const word = 2 * round + (at >> 5)
      if (register & 1) constants[word] = (constants[word] ?? 0) | (1 << (at & 31))
      register = (register << 1) ^ (register & 0x80 ? 0x171 : 0)
    }
  }
  return constants
}
