// Where a story is played: a folder of its own, an environment of its own, every command shown as typed.
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, open, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, isAbsolute, join, relative } from 'node:path'
import process from 'node:process'

/** A step that did not do what it should. */
export class StoryError extends Error {}

export class Stage {
  /** Everything shown so far, by chapter. */
  chapters = []
  #signal
  #print
  #paint
  #env
  #output

  /** @param {{ print: (text: string) => void, color?: boolean, columns?: number, signal?: AbortSignal }} options */
  static async open({ print, color = false, columns = 110, signal }) {
    const directory = await realpath(await mkdtemp(join(tmpdir(), 'flightrules-demo-')))
    return new Stage(directory, { print, color, columns, signal })
  }

  constructor(directory, { print, color, columns, signal }) {
    this.directory = directory
    this.cwd = directory
    this.#print = print
    this.#signal = signal
    this.#paint = color ? (code, text) => `\u001b[${code}m${text}\u001b[0m` : (_code, text) => text
    this.#env = makeEnvironment(directory, color, columns)
    this.#output = join(directory, '.output')
  }

  async close() {
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 })
  }

  /** What is written here is the only git configuration the story has. */
  async prepare() {
    await mkdir(this.#env.HOME)
    await writeFile(
      this.#env.GIT_CONFIG_GLOBAL,
      '[user]\n\tname = Ada\n\temail = ada@example.invalid\n[init]\n\tdefaultBranch = main\n[pull]\n\tff = true\n' +
        '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[protocol "file"]\n\tallow = always\n[advice]\n\tdetachedHead = false\n',
    )
  }

  /** Programs of this folder are found first. */
  addToPath(folder) {
    this.#env.PATH = [folder, this.#env.PATH].join(delimiter)
  }

  chapter(name, title) {
    this.chapters.push({ name, text: '' })
    this.#print(`\n${this.#paint('1;36', `== ${title}`)}\n\n`)
  }

  /** Goes to a folder of the story, as a person would. */
  goTo(folder) {
    const target = join(this.directory, folder)
    this.#show(`${this.#paint('1', `$ cd ${relative(this.cwd, target)}`)}\n`)
    this.cwd = target
  }

  /** Puts a file into the current directory. */
  async write(file, text) {
    this.#show(`${this.#paint('1', `$ echo ${quote(text)} > ${file}`)}\n`)
    await this.add(file, `${text}\n`)
  }

  /** As `write`, without showing it. */
  async add(file, text) {
    const target = isAbsolute(file) ? file : join(this.cwd, file)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text)
  }

  /**
   * Runs a command and shows it with everything it says, both streams in their order.
   * @throws StoryError when its exit status is not the expected one.
   */
  async type(args, { status = 0 } = {}) {
    this.#show(`${this.#paint('1', `$ ${args.map(quote).join(' ')}`)}\n`)
    const result = await this.#run(args)
    this.#show(result.output)
    requireStatus(args, result, status)
    return result.output
  }

  /** Runs a command without showing it and gives what it says. */
  async ask(args, cwd = this.cwd) {
    const result = await this.#run(args, cwd)
    requireStatus(args, result, 0)
    return result.output
  }

  async #run([program, ...args], cwd = this.cwd) {
    const file = await open(this.#output, 'w')
    try {
      const status = await new Promise((resolve, reject) => {
        const shell = process.platform === 'win32' && program !== 'git'
        const options = { cwd, env: this.#env, stdio: ['ignore', file.fd, file.fd], shell, signal: this.#signal }
        const child = spawn(program, args, options)
        child.on('error', reject)
        child.on('close', (code) => resolve(code ?? 1))
      })
      return { status, output: await readFile(this.#output, 'utf8') }
    } finally {
      await file.close()
    }
  }

  #show(text) {
    const chapter = this.chapters.at(-1)
    if (chapter !== undefined) chapter.text += text
    this.#print(text)
  }
}

/** Nothing of the person's is read or changed: own home, own git configuration, no network for npm. */
function makeEnvironment(directory, color, columns) {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      !/^(?:GIT_|FLIGHTRULES|npm_|HUSKY|INIT_CWD|NODE_OPTIONS|CI$|LC_|LANG|XDG_|COLUMNS|NO_COLOR|FORCE_COLOR|PATH$)/i.test(name),
  )
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !/[\\/]node_modules[\\/]|node-gyp-bin/.test(folder))
  const home = join(directory, 'home')
  return {
    ...Object.fromEntries(inherited),
    PATH: [dirname(process.execPath), ...path].join(delimiter),
    HOME: home,
    USERPROFILE: home,
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    GIT_MERGE_AUTOEDIT: 'no',
    LC_ALL: 'C.UTF-8',
    COLUMNS: String(columns),
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    npm_config_loglevel: 'silent',
    ...(color ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }),
  }
}

function requireStatus(args, { status, output }, expected) {
  if (status === expected) return
  throw new StoryError(`\`${args.map(quote).join(' ')}\` ended with status ${status}, not ${expected}:\n${output}`)
}

function quote(word) {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : /['$`\\!]/.test(word)
      ? `'${word.replaceAll("'", "'\\''")}'`
      : `"${word.replaceAll('"', '\\"')}"`
}
