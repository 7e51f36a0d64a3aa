import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

const statement = /^(?:import|export)\s+(?!type\b)(?:([^'";]*?)\s+from\s+)?['"](\.[^'"]+)['"]/gms

/** Files of ours that are loaded with these, dynamic imports and types left out; absolute paths. */
export async function listStaticImports(root, entries) {
  const seen = new Set()
  const queue = entries.map((entry) => join(root, entry))
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    for (const [, names, target] of (await readFile(file, 'utf8')).matchAll(statement)) {
      const isTypes = names !== undefined && /^\{\s*(?:type\s+[\w$]+\s*,?\s*)+\}$/.test(names)
      if (!isTypes) queue.push(resolve(dirname(file), target))
    }
  }
  return seen
}
