/** How many pieces of work that start processes run at once: more only wait for each other. */
const width = 8

/** Does `work` for each item, a few at a time; results in the items' order. The first failure fails all. */
export async function mapSideBySide<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const run = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T, index)
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, run))
  return results
}
