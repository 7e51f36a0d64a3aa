import { findCommandFolder } from '../../agents/slash/plan-command-files.ts'

/** What a person reads of a file that was put in: husky's generated files are one thing to a reader, and so are an agent's slash commands. */
export function nameTogether(path: string): string {
  const folder = findCommandFolder(path)
  return folder === undefined ? path.replace(/(\.husky\/_)\/.*$/s, '$1') : `the slash commands of init in ${folder}`
}
