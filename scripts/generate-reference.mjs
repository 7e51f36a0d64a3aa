// Writes docs/reference/commands.md from the table the command line is parsed by; --check only says whether it is current.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const file = join(root, 'docs/reference/commands.md')
const check = process.argv.includes('--check')

const [{ commandTable }, { commandGroups }, { globalOptions }] = await loadSource([
  'src/cli/command-table.ts',
  'src/cli/command-groups.ts',
  'src/commands/global-options.ts',
])
const text = renderReference()
const before = await readFile(file, 'utf8').catch(() => '')
if (text === before) console.log('docs/reference/commands.md is current')
else if (check) {
  console.error('docs/reference/commands.md is not what the command line takes; run `npm run reference`')
  process.exitCode = 1
} else {
  await writeFile(file, text)
  console.log('docs/reference/commands.md was brought up to date')
}

async function loadSource(files) {
  const directory = await mkdtemp(join(tmpdir(), 'flightrules-reference-'))
  try {
    const input = Object.fromEntries(files.map((path, index) => [`part${index}`, path]))
    const external = (id) => id.startsWith('node:') || /^(?:jiti|husky)/.test(id)
    const build = await rolldown({ cwd: root, input, platform: 'node', external })
    await build.write({ dir: directory, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' })
    await build.close()
    return await Promise.all(files.map((_, index) => import(pathToFileURL(join(directory, `part${index}.mjs`)).href)))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function renderReference() {
  const groups = Object.entries(commandGroups).flatMap(([title, names]) => {
    const commands = names.flatMap((name) => commandTable.filter((command) => command.name === name))
    return commands.length === 0 ? [] : [{ title, commands }]
  })
  return `${[
    '# Commands',
    '',
    'Made from the table the command line is parsed by (`npm run reference`). `fr` is short for `flightrules`.',
    'Exit statuses and the JSON answers: [exit-codes-and-json.md](exit-codes-and-json.md).',
    ...groups.flatMap(({ title, commands }) => [
      '',
      `**${title}:** ${commands.map(({ name }) => `[\`${name}\`](#${name})`).join(', ')}`,
    ]),
    '',
    '## Every command takes',
    '',
    ...renderOptions([...globalOptions, { flags: '-h, --help', description: 'print help' }]),
    '| `-V, --version` | print the version (without a command) |',
    ...groups.flatMap(({ commands }) => commands.flatMap((command) => renderCommand(command, '', 2))),
  ].join('\n')}\n`
}

function renderCommand(command, parent, level) {
  const name = `${parent}${command.name}`
  const words = ['flightrules', name, ...(command.arguments ?? []).map(({ syntax }) => syntax)]
  const options = command.options ?? []
  if (command.subcommands !== undefined) words.push('<command>')
  if (options.length > 0) words.push('[options]')
  const examples = command.examples ?? []
  return [
    '',
    `${'#'.repeat(level)} ${name}`,
    '',
    `${command.summary[0].toUpperCase()}${command.summary.slice(1)}.`,
    '',
    '```sh',
    words.join(' '),
    '```',
    ...renderArguments(command.arguments ?? []),
    ...(options.length > 0 ? ['', ...renderOptions(options)] : []),
    ...(examples.length > 0 ? ['', 'Examples:', '', '```sh', ...examples, '```'] : []),
    ...(command.subcommands ?? []).flatMap((sub) => renderCommand(sub, `${name} `, level + 1)),
  ]
}

function renderArguments(list) {
  if (list.length === 0) return []
  return ['', '| argument | |', '|---|---|', ...list.map(({ syntax, description }) => `| \`${syntax}\` | ${cell(description)} |`)]
}

function renderOptions(options) {
  return [
    '| option | |',
    '|---|---|',
    ...options.map(({ flags, description, choices, repeatable }) => {
      const notes = [
        ...(choices === undefined ? [] : [`one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`]),
        ...(repeatable === true ? ['may be given more than once'] : []),
      ]
      return `| \`${flags}\` | ${cell([description, ...notes].join('; '))} |`
    }),
  ]
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
