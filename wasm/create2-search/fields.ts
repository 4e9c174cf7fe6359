import { BLOCK, MASK, NONCE, VALUE } from './layout'

/** Whether the value asks for no bit that the mask leaves out. */
export function isPattern(): bool {
  for (let i: usize = 0; i < 20; i++) {
    if ((load<u8>(VALUE + i) & ~load<u8>(MASK + i)) != 0) return false
  }
  return true
}

/** Whether this is 85 bytes as EIP-1014 has them, the nonce's zero, and Keccak's padding to 136. */
export function isBlock(): bool {
  if (load<u8>(BLOCK) != 0xff || load<u64>(NONCE) != 0 || load<u8>(BLOCK + 85) != 0x01) return false
  for (let i: usize = 86; i < 135; i++) {
    if (load<u8>(BLOCK + i) != 0) return false
  }
  return load<u8>(BLOCK + 135) == 0x80
}
