// The licence texts of the packages whose code is in the bundle.
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export async function collectLicenses(root, moduleIds) {
  const directories = new Set()
  for (const id of moduleIds) {
    const found = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id.replace(/^\0+/, ''))?.[1]
    if (found !== undefined) directories.add(found)
  }
  const parts = await Promise.all([...directories].map(readLicense))
  parts.sort((a, b) => (a.title < b.title ? -1 : 1))
  const body = parts.map(({ title, text }) => `${title}\n${'-'.repeat(title.length)}\n\n${text.trim()}\n`)
  return ['The files in this directory contain code of these packages.\n', ...body].join('\n')
}

async function readLicense(directory) {
  const { name, version, license } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'))
  const file = (await readdir(directory)).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry))
  if (file === undefined && license === undefined) throw new Error(`${name} is bundled and names no licence`)
  const text = file === undefined ? `Licence: ${license}` : await readFile(join(directory, file), 'utf8')
  return { title: `${name} ${version} (${license})`, text }
}
