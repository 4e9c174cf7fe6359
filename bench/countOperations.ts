/**
 * How many operations on 32-bit integers the body of a WGSL function asks for: every `+ - * & | ^ << >>` counts one. A compiler may do
 * two in one instruction (multiply and add) or find one needless.
 * @throws Error when the module has no function of this name
 */
export function countOperations(wgsl: string, name: string): number {
  const source = wgsl.replaceAll(/\/\/.*$/gm, '')
  const [, body] = new RegExp(`\\bfn ${name}\\([^{]*\\{([^}]*)\\}`).exec(source) ?? []
  if (body === undefined) throw new Error(`there is no function ${name} without blocks in it`)
  return body.match(/<<|>>|[-+*&|^]/g)?.length ?? 0
}
