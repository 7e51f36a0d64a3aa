/** What single values of a config may be. Each function gives what is wrong, to be read after the path, or undefined. */

type Complaint = string | undefined

/** A path or glob inside the repository. */
export function checkRelativePath(value: string): Complaint {
  const path = value.replace(/^!/, '')
  if (path.trim() === '') return 'is empty; a path relative to the worktree is expected'
  if (/[\0-\x1f\x7f]/.test(path)) return 'contains a control character'
  if (/^([/\\]|[A-Za-z]:)/.test(path)) return `is absolute (${value}); only paths relative to the worktree are allowed`
  if (path.startsWith('~')) return `starts with \`~\` (${value}); only paths relative to the worktree are allowed`
  const parts = path.split(/[/\\{}(),|]/).map((part) => part.toLowerCase())
  if (parts.includes('..')) return `leaves the repository (${value}); \`..\` is not allowed`
  if (parts.includes('.git')) return `is inside git's own directory (${value}), which is not allowed`
  return undefined
}

/** One plain file, not a pattern. */
export function checkRelativeFile(value: string): Complaint {
  const complaint = checkRelativePath(value)
  if (complaint !== undefined) return complaint
  if (/[*?[\]{}!]/.test(value)) return `is a pattern (${value}); one plain file is expected`
  if (/[\\]/.test(value)) return `contains a backslash (${value}); folders are separated by \`/\``
  if (/(^|\/)\.?$/.test(value)) return `is a folder (${value}); one plain file is expected`
  return undefined
}

/** A path or glob as git's attributes know them. */
export function checkAppendOnly(value: string): Complaint {
  if (value.startsWith('!')) return `takes files out again (${value}), which git's attributes cannot`
  if (/[{}]/.test(value)) return `has braces (${value}), which git's attributes do not know; write one glob for each`
  if (value.includes('\\')) return `contains a backslash (${value}); folders are separated by \`/\``
  return checkRelativePath(value)
}

export function checkSessionsDir(value: string): Complaint {
  if (value.trim() === '') return 'is empty; a folder is expected, like `../{project}-sessions`'
  if (/[\0-\x1f\x7f]/.test(value)) return 'contains a control character'
  if (value.startsWith('~')) return `starts with \`~\` (${value}), which is not expanded; write the absolute path`
  if (/^(\.[/\\]*)+$/.test(value))
    return `is the main worktree or its parent itself (${value}); a folder for sessions only is expected`
  if (value.split(/[/\\]/).some((part) => part.toLowerCase() === '.git')) return `is inside git's own directory (${value})`
  const unknown = findTemplates(value).find((name) => name !== 'project')
  if (unknown !== undefined) return `uses {${unknown}}; only {project} is known here`
  return undefined
}

/** What git allows in front of a branch name. */
export function checkBranchPrefix(value: string): Complaint {
  if (value === '') return undefined
  const complaint = checkRefName(`${value}x`)
  return complaint === undefined ? undefined : `${complaint} (${JSON.stringify(value)}), so git would refuse the branches`
}

export function checkBranch(value: string): Complaint {
  if (value === '') return 'is empty; a branch name is expected'
  const complaint = checkRefName(value)
  return complaint === undefined ? undefined : `${complaint} (${JSON.stringify(value)}), which is no branch name of git's`
}

/** The name of a host as a remote's address has it: nothing before or behind it. */
export function checkHostName(value: string): Complaint {
  const expected = 'the name of a host alone is expected, like `git.example.com`'
  if (/:\/\/|[/@:]/.test(value)) return `holds more than a host (${JSON.stringify(value)}); ${expected}`
  if (value !== value.toLowerCase()) return `has capital letters (${JSON.stringify(value)}); write ${value.toLowerCase()}`
  const isName = value.length <= 253 && value.split('.').every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))
  return isName ? undefined : `is no host name (${JSON.stringify(value)}); ${expected}`
}

/** The rules of `git check-ref-format --branch`. */
function checkRefName(name: string): Complaint {
  if (name.startsWith('-')) return 'starts with `-`'
  if (name === '@' || name === 'HEAD') return `is \`${name}\``
  if (/[\0-\x20\x7f~^:?*[\\]/.test(name)) return 'contains a space, a control character or one of `~ ^ : ? * [ \\`'
  if (name.includes('..')) return 'contains `..`'
  if (name.includes('@{')) return 'contains `@{`'
  if (name.startsWith('/') || name.endsWith('/') || name.includes('//')) return 'has an empty part between slashes'
  if (name.endsWith('.')) return 'ends with a dot'
  if (name.split('/').some((part) => part.startsWith('.'))) return 'has a part that starts with a dot'
  if (name.split('/').some((part) => part.endsWith('.lock'))) return 'has a part that ends with `.lock`'
  return undefined
}

/** Names a variable must not have: programs and their loaders act on them before anyone's command does. */
const loaders =
  /^(PATH|NODE_OPTIONS|NODE_PATH|LD_.*|DYLD_.*|BASH_ENV|ENV|SHELLOPTS|BASHOPTS|IFS|CDPATH|PERL5OPT|PERL5LIB|PYTHONPATH|PYTHONSTARTUP|RUBYOPT|RUBYLIB|JAVA_TOOL_OPTIONS)$/i

/** A port's or variable's name. */
export function checkVariableName(name: string): Complaint {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    return 'is no variable name; letters, digits and `_` are allowed, not starting with a digit'
  if (/^(FLIGHTRULES_|GIT_)/i.test(name)) return 'starts with FLIGHTRULES_ or GIT_, which are not for a project to set'
  if (loaders.test(name)) return 'changes how programs are found or loaded, which a config may not'
  return undefined
}

export function checkVariableValue(value: string): Complaint {
  return /[\0\r\n]/.test(value) ? 'has more than one line; a variable holds one' : undefined
}

/** The names in `{…}`. */
export function findTemplates(text: string): string[] {
  return [...text.matchAll(/(?<!\$)\{([A-Za-z_][A-Za-z0-9_]*)\}/g)].map((match) => match[1] ?? '')
}
