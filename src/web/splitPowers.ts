/** Cuts a sentence after every power; a minus after a power becomes a minus sign with spaces that do not break. */
export function splitPowers(sentence: string): { text: string; power?: string }[] {
  const parts: { text: string; power?: string }[] = []
  let from = 0
  for (const match of sentence.matchAll(/\^(\d+|[a-z]\b)/g)) {
    parts.push({ text: minusSigned(sentence.slice(from, match.index)), power: match[1] as string })
    from = match.index + match[0].length
  }
  parts.push({ text: minusSigned(sentence.slice(from)) })
  return parts
}

function minusSigned(text: string): string {
  return text.replace(/^ [-−] /, '\u00a0−\u00a0')
}
