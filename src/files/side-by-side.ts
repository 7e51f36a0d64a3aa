/** How many pieces of work that start processes run at once: more only wait for each other. */
const width = 8

/** Does `work` for each item, a few at a time; results in the items' order. The first failure fails all. */
export async function mapSideBySide<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  return Promise.all(startSideBySide(items, work))
}

/** The same for who can go on with each result as soon as it is there. */
export function startSideBySide<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R>[] {
  const waiting: (() => void)[] = []
  const beginNext = (): void => waiting.shift()?.()
  const results = items.map(async (item, index) => {
    await new Promise<void>((begin) => waiting.push(begin))
    try {
      return await work(item, index)
    } finally {
      beginNext()
    }
  })
  for (let place = 0; place < width; place += 1) beginNext()
  return results
}
