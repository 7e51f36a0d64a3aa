/** The number a text stands for if it is a whole one above zero. */
export function findPositiveInteger(text: string): number | undefined {
  if (!/^[1-9]\d*$/.test(text)) return undefined
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : undefined
}
