/** The headings of `flightrules --help` and the order of the commands under them. */
export const commandGroups: Readonly<Record<string, readonly string[]>> = {
  'Work in sessions': ['start', 'status', 'overview', 'switch', 'path', 'run', 'env', 'setup', 'log'],
  'Work beside others': ['radar', 'sync'],
  'Finish and go back': ['end', 'cleanup', 'restore', 'undo', 'history', 'trash', 'unlock'],
  'Set up a project': ['init', 'config', 'trust', 'doctor'],
  'For shells, git and agents': ['completion', 'shell-init', 'hook', 'agent', 'context', 'statusline', 'mcp'],
}

const otherGroup = 'Other commands'

export function groupOf(command: string): string {
  return Object.keys(commandGroups).find((group) => commandGroups[group]?.includes(command)) ?? otherGroup
}

/** Sorts by group, then by place in the group; commands in no group come last. */
export function compareCommands(a: string, b: string): number {
  const order = Object.values(commandGroups).flat()
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length)
  return place(a) - place(b)
}
