import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { findOnPath } from './find-on-path.ts'
import { makeProject, type ProjectOptions, type TestProject } from './flightrules-project.ts'

export interface ForgeCall {
  readonly argv: readonly string[]
  readonly cwd: string
  /** Content of the file `--body-file` names. */
  readonly body: string | null
}

export interface ForgeProject extends TestProject {
  readonly remotePath: string
  /** What the client was called with, oldest first; `--version` aside. */
  calls(): Promise<ForgeCall[]>
  /** The next calls of `create` end with this status and these words; null: they work again. */
  failCreate(failure: { readonly status: number; readonly stderr: string } | null): Promise<void>
}

const answers = {
  gh: { list: { number: 7, url: 'https://github.com/o/r/pull/7' }, url: 'https://github.com/o/r.git' },
  glab: { list: { iid: 7, web_url: 'https://gitlab.com/g/s/r/-/merge_requests/7' }, url: 'https://gitlab.com/g/s/r.git' },
}

/**
 * A project whose `origin` is on a forge by its address, and a folder here when it is pushed to. `gh` and `glab` are a program that
 * writes down how it was called and answers as the client would: a request is open once it was created.
 */
export async function makeForgeProject(client: 'gh' | 'glab', options: ProjectOptions = {}): Promise<ForgeProject> {
  const project = await makeProject({ ...options, remote: true })
  const remotePath = project.remotePath ?? ''
  const directory = join(project.parent, 'forge')
  await mkdir(directory)
  await writeFile(join(directory, client), program(directory, client))
  await chmod(join(directory, client), 0o755)
  project.env['PATH'] = `${directory}${delimiter}${project.env['PATH'] ?? ''}`
  await project.git(['remote', 'set-url', 'origin', answers[client].url])
  await project.git(['config', `url.${remotePath}.pushInsteadOf`, answers[client].url])
  return {
    ...project,
    remotePath,
    async calls() {
      const text = await readFile(join(directory, 'calls'), 'utf8').catch(() => '')
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as ForgeCall)
    },
    failCreate: (failure) => writeFile(join(directory, 'fail.json'), JSON.stringify(failure)),
  }
}

/** A PATH with what git and its hooks need, and no client of any forge. */
export async function pathWithoutForges(directory: string): Promise<string> {
  const tools = join(directory, 'tools')
  await mkdir(tools)
  for (const name of ['git', 'node', 'sh', 'cat', 'env']) {
    const file = name === 'node' ? process.execPath : findOnPath(name)
    if (file !== undefined) await symlink(file, join(tools, name))
  }
  return tools
}

function program(directory: string, client: 'gh' | 'glab'): string {
  const { list } = answers[client]
  const address = 'url' in list ? list.url : list.web_url
  return `#!${process.execPath}
const fs = require('node:fs')
const directory = ${JSON.stringify(directory)}
const argv = process.argv.slice(2)
const value = (flag) => (argv.includes(flag) ? argv[argv.indexOf(flag) + 1] : argv.find((one) => one.startsWith(flag + '='))?.slice(flag.length + 1))
const file = value('--body-file')
const body = file === undefined ? null : fs.readFileSync(file, 'utf8')
fs.appendFileSync(directory + '/calls', JSON.stringify({ argv, cwd: process.cwd(), body }) + '\\n')
const read = (name) => (fs.existsSync(directory + '/' + name) ? JSON.parse(fs.readFileSync(directory + '/' + name, 'utf8')) : null)
if (argv[1] === 'list') console.log(JSON.stringify(read('open.json') ?? []))
if (argv[1] === 'create') {
  const failure = read('fail.json')
  if (failure !== null) {
    console.error(failure.stderr)
    process.exit(failure.status)
  }
  const head = value('--head') ?? value('--source-branch')
  const base = value('--base') ?? value('--target-branch')
  const entry = { ...${JSON.stringify(list)}, headRefName: head, headRepositoryOwner: { login: 'o' }, source_branch: head, target_branch: base }
  fs.writeFileSync(directory + '/open.json', JSON.stringify([entry]))
  console.log(${JSON.stringify(address)})
}
`
}
